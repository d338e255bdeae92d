package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;

/** The format of a disk image. Raw is never guessed from content: somebody has to say so. */
public enum ImageFormat {
  QCOW2("qcow2"),
  RAW("raw");

  private final String label;

  ImageFormat(String label) {
    this.label = label;
  }

  /** Returns the name of this format in image headers and on the command line. */
  public String label() {
    return label;
  }

  /**
   * Returns the format with that label.
   *
   * @throws InvalidArgumentException if it is neither of the formats that basedisk supports
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
