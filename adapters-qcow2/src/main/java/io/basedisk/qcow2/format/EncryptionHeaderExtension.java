package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;

/**
 * Position of the encryption method's own header. {@link HeaderParser} refuses encrypted images.
 *
 * <p>Specification: "Header extensions", "Full disk encryption header pointer".
 *
 * @param start offset of that header in the file
 * @param length size of that header in bytes
 */
public record EncryptionHeaderExtension(HostOffset start, long length) implements HeaderExtension {

  static final int TYPE = 0x0537be77;
  private static final int SIZE = 16;

  static EncryptionHeaderExtension parse(ByteBuffer data) throws FormatException {
    if (data.remaining() != SIZE) {
      throw new FormatException(
          "the encryption header extension has " + data.remaining() + " bytes instead of " + SIZE);
    }
    return new EncryptionHeaderExtension(new HostOffset(data.getLong(0)), data.getLong(8));
  }

  @Override
  public int type() {
    return TYPE;
  }

  @Override
  public ByteBuffer data() {
    return ByteBuffer.allocate(SIZE).putLong(start.bytes()).putLong(length).flip();
  }
}
