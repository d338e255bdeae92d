package io.basedisk.qcow2.format;

import io.basedisk.domain.image.CompressionType;

/**
 * Numbers of the compression types in a header.
 *
 * <p>Specification: "Additional fields", {@code compression_type}.
 */
final class CompressionNumber {

  private CompressionNumber() {}

  /** {@return the number of a type} */
  static int of(CompressionType type) {
    return switch (type) {
      case ZLIB -> 0;
      case ZSTD -> 1;
    };
  }

  /**
   * {@return the type with a number}
   *
   * @throws FormatException if the number is unknown, or contradicts the feature bit, which must be
   *     set for every type except zlib
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
