package io.basedisk.qcow2.format;

/**
 * How the compressed clusters of an image are compressed: all of them the same way.
 *
 * <p>Specification: "Additional fields", {@code compression_type}.
 */
public enum CompressionType {
  /** Deflate, without the zlib header that the name suggests. */
  ZLIB(0, "zlib"),
  /** Zstandard. */
  ZSTD(1, "zstd");

  private final int number;
  private final String label;

  CompressionType(int number, String label) {
    this.number = number;
    this.label = label;
  }

  /** Returns the number that stands for it in a header. */
  int number() {
    return number;
  }

  /** Returns its name in QEMU's tools. */
  public String label() {
    return label;
  }

  /**
   * Returns the type with that number.
   *
   * @throws FormatException if it is none that is specified, or the feature bit, which has to be
   *     set for every type but the first, is not as it should be
   */
  static CompressionType of(int number, boolean featureBit) throws FormatException {
    CompressionType type =
        switch (number) {
          case 0 -> ZLIB;
          case 1 -> ZSTD;
          default -> throw new FormatException("unsupported compression type " + number);
        };
    if (featureBit != (type != ZLIB)) {
      throw new FormatException(
          "compression type "
              + number
              + " contradicts the feature bit \""
              + Feature.COMPRESSION_TYPE.label()
              + "\"");
    }
    return type;
  }
}
