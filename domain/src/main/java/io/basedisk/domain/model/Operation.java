package io.basedisk.domain.model;

import com.google.common.base.Preconditions;

/** The kinds of operations that have an intent. */
public enum Operation {
  /** A disk becomes an immutable base and an empty overlay of it. */
  FORK("fork"),
  /** New boxes get empty disks, or overlays of one base. */
  CREATE_BOXES("create_boxes"),
  /** A box and its disks are removed. */
  REMOVE_BOX("remove_box"),
  /** An empty overlay of a snapshot replaces a disk. */
  RESTORE("restore"),
  /** A copy of a disk becomes an immutable base; the disk keeps its file. */
  COPY("copy"),
  /** A new box gets a disk with the content of an image. */
  IMPORT_BOX("import_box"),
  /** A box gets a guest-rootfs disk that is an overlay of a base. */
  ATTACH_ROOTFS("attach_rootfs"),
  /** The rootfs cache gets a new base. */
  ADD_ROOTFS("add_rootfs"),
  /** An image with the same content and a shorter chain replaces a disk. */
  COMPACT("compact"),
  /** A disk gets a larger virtual size. */
  RESIZE("resize"),
  /** Disk files that were there before basedisk become boxes and bases. */
  ADOPT("adopt"),
  /** The disks of another program's home are copied: they become boxes and bases. */
  ADOPT_HOME("adopt_home"),
  /** The layers of a disk are read for another home. */
  EXPORT("export"),
  /** Layers of another home become bases, and a new box gets an overlay of them. */
  IMPORT_ARTIFACT("import_artifact");

  private final String label;

  Operation(String label) {
    this.label = label;
  }

  /** {@return the name of this operation in the store} */
  public String label() {
    return label;
  }

  /**
   * {@return the operation with a label}
   *
   * @param label the label
   * @throws IllegalArgumentException if no operation has the label
   */
  public static Operation ofLabel(String label) {
    for (Operation operation : values()) {
      if (operation.label.equals(label)) {
        return operation;
      }
    }
    Preconditions.checkArgument(false, "unknown operation %s", label);
    throw new AssertionError();
  }
}
