package io.basedisk.domain.testing;

import io.basedisk.domain.port.LayerContent;
import java.nio.ByteBuffer;

/** The content of a layer in memory. */
final class InMemoryLayerContent implements LayerContent {

  private final byte[] bytes;

  /** Keeps the array itself. */
  InMemoryLayerContent(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public long length() {
    return bytes.length;
  }

  @Override
  public void read(long at, ByteBuffer target) {
    target.put(bytes, Math.toIntExact(at), target.remaining());
  }

  @Override
  public void close() {}
}
