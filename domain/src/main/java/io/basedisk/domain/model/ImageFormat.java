package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;

/**
 * The format of a disk image. It is never guessed from content: the caller or the header of the
 * image above says it.
 */
public enum ImageFormat {
  /** QEMU copy-on-write, version 2 or 3. */
  QCOW2("qcow2"),
  /** The bytes of the disk and nothing else. */
  RAW("raw");

  private final String label;

  ImageFormat(String label) {
    this.label = label;
  }

  /** {@return the name of this format in image headers and on the command line} */
  public String label() {
    return label;
  }

  /**
   * {@return the format with a label}
   *
   * @param label the label
   * @throws InvalidArgumentException if basedisk does not support the format
   */
  public static ImageFormat ofLabel(String label) {
    for (ImageFormat format : values()) {
      if (format.label.equals(label)) {
        return format;
      }
    }
    throw new InvalidArgumentException(
        "unsupported image format \"" + Quoted.of(label) + "\": expected qcow2 or raw");
  }
}
