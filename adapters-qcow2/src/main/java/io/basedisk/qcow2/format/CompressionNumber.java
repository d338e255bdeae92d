package io.basedisk.qcow2.format;

import io.basedisk.domain.image.CompressionType;

/**
 * The numbers that stand for compression types in a header.
 *
 * <p>Specification: "Additional fields", {@code compression_type}.
 */
final class CompressionNumber {

  private CompressionNumber() {}

  /** Returns the number that stands for a type. */
  static int of(CompressionType type) {
    return switch (type) {
      case ZLIB -> 0;
      case ZSTD -> 1;
    };
  }

  /**
   * Returns the type with that number.
   *
   * @throws FormatException if it is none that is specified, or the feature bit, which has to be
   *     set for every type but the first, is not as it should be
   */
  static CompressionType parse(int number, boolean featureBit) throws FormatException {
    CompressionType type =
        switch (number) {
          case 0 -> CompressionType.ZLIB;
          case 1 -> CompressionType.ZSTD;
          default -> throw new FormatException("unsupported compression type " + number);
        };
    if (featureBit != (type != CompressionType.ZLIB)) {
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
