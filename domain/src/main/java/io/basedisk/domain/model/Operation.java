package io.basedisk.domain.model;

import com.google.common.base.Preconditions;

/** What an intent says is under way. */
public enum Operation {
  /** A disk becomes an immutable base and an empty overlay of it. */
  FORK("fork"),
  /** New boxes, each with a disk of its own: created empty or cloned. */
  CREATE_BOXES("create_boxes"),
  /** A box and its disks go. */
  REMOVE_BOX("remove_box"),
  /** An empty overlay of a snapshot takes the place of a disk. */
  RESTORE("restore"),
  /** A copy of a disk becomes an immutable base; the disk keeps its file. */
  COPY("copy"),
  /** A new box whose disk has the content of an image. */
  IMPORT_BOX("import_box"),
  /** A box gets a guest-rootfs disk that is an overlay of a base. */
  ATTACH_ROOTFS("attach_rootfs"),
  /** A new base for the rootfs cache. */
  ADD_ROOTFS("add_rootfs"),
  /** An image with the same content and a shorter chain takes the place of a disk. */
  COMPACT("compact");

  private final String label;

  Operation(String label) {
    this.label = label;
  }

  /** Returns the name of this operation in the store. */
  public String label() {
    return label;
  }

  /** Returns the operation with that label, which must exist. */
  public static Operation ofLabel(String label) {
    for (Operation operation : values()) {
      if (operation.label.equals(label)) {
        return operation;
      }
    }
    Preconditions.checkArgument(false, "no operation is called %s", label);
    throw new AssertionError();
  }
}
