package io.basedisk.qcow2.image;

import java.nio.ByteBuffer;

/** What reads as zeros. */
public final class Zeros {

  private static final ByteBuffer BLOCK = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

  private Zeros() {}

  /** Puts {@code count} zeros into {@code target}. */
  static void fill(ByteBuffer target, int count) {
    for (int left = count; left > 0; left -= BLOCK.capacity()) {
      target.put(BLOCK.slice(0, Math.min(left, BLOCK.capacity())));
    }
  }

  /** Returns whether all that remains of {@code bytes} is zero. */
  public static boolean isZero(ByteBuffer bytes) {
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
