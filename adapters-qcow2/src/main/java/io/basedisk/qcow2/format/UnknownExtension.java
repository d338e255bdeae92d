package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;

/**
 * A header extension of an unknown type, kept unchanged.
 *
 * <p>Specification: "Header extensions".
 *
 * @param type the extension's type number
 * @param data the extension's data, without padding
 */
public record UnknownExtension(int type, ByteBuffer data) implements HeaderExtension {

  /**
   * Copies the data.
   *
   * @param type the type number
   * @param data the data, without padding
   */
  public UnknownExtension {
    data = ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip().asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer data() {
    return data.duplicate();
  }
}
