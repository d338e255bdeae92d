package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;

/**
 * Where the encryption method keeps its own header. Images that need it are refused.
 *
 * <p>Specification: "Full disk encryption header pointer".
 *
 * @param start where it starts in the file
 * @param length its bytes
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
