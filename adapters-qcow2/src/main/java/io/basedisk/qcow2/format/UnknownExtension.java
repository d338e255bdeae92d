package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;

/**
 * An extension that is not specified, or was not yet: it is kept as it is.
 *
 * @param data its bytes
 */
public record UnknownExtension(int type, ByteBuffer data) implements HeaderExtension {

  public UnknownExtension {
    data = ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip().asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer data() {
    return data.duplicate();
  }
}
