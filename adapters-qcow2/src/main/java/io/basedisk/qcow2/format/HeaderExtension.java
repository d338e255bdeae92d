package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;

/**
 * A header extension: an optional section between the header and the backing file's name.
 *
 * <p>Specification: "Header extensions".
 */
public sealed interface HeaderExtension
    permits BackingFormatExtension,
        FeatureNameTable,
        BitmapsExtension,
        EncryptionHeaderExtension,
        ExternalDataFileExtension,
        UnknownExtension {

  /** {@return the header extension type} */
  int type();

  /** {@return the extension's data, without padding, in a new buffer} */
  ByteBuffer data();

  /**
   * Reads the data of an extension of the given type.
   *
   * @param type the extension's type number
   * @param data the extension's data, without padding
   * @param names how to decode names
   * @return the extension
   * @throws FormatException if the bytes are not valid, with the reason
   */
  static HeaderExtension parse(int type, ByteBuffer data, FormatText.Reading names)
      throws FormatException {
    return switch (type) {
      case BackingFormatExtension.TYPE -> BackingFormatExtension.parse(data, names);
      case FeatureNameTable.TYPE -> FeatureNameTable.parse(data);
      case BitmapsExtension.TYPE -> BitmapsExtension.parse(data);
      case EncryptionHeaderExtension.TYPE -> EncryptionHeaderExtension.parse(data);
      case ExternalDataFileExtension.TYPE -> ExternalDataFileExtension.parse(data, names);
      default -> new UnknownExtension(type, data);
    };
  }
}
