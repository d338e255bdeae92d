package io.basedisk.qcow2.write;

import java.nio.ByteBuffer;

/** What need not be written. */
final class Zeros {

  private static final ByteBuffer BLOCK = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

  private Zeros() {}

  /** Returns whether all that remains of {@code bytes} is zero. */
  static boolean isZero(ByteBuffer bytes) {
    int end = bytes.limit();
    for (int at = bytes.position(); at < end; at += BLOCK.capacity()) {
      int count = Math.min(BLOCK.capacity(), end - at);
      if (bytes.slice(at, count).mismatch(BLOCK.slice(0, count)) >= 0) {
        return false;
      }
    }
    return true;
  }
}
