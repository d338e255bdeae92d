package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;

/** The place of a disk in a box. */
public enum DiskSlot {
  /** The container disk: every box has it. */
  CONTAINER("container", "disk.qcow2"),
  /** The guest's root file system: some boxes have it. */
  GUEST_ROOTFS("guest_rootfs", "guest-rootfs.qcow2");

  private final String label;
  private final String fileName;

  DiskSlot(String label, String fileName) {
    this.label = label;
    this.fileName = fileName;
  }

  /** {@return the name of this slot in the store} */
  public String label() {
    return label;
  }

  /** {@return the default file name of the disk in the box's disks directory} */
  public String fileName() {
    return fileName;
  }

  /**
   * {@return the slot with a label}
   *
   * @param label the label
   * @throws InvalidArgumentException if no slot has the label
   */
  public static DiskSlot ofLabel(String label) {
    for (DiskSlot slot : values()) {
      if (slot.label.equals(label)) {
        return slot;
      }
    }
    throw new InvalidArgumentException("invalid disk slot \"" + Quoted.of(label) + "\"");
  }
}
