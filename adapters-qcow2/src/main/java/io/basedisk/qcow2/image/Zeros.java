package io.basedisk.qcow2.image;

import java.nio.ByteBuffer;

/** Helpers for ranges of zeros. */
public final class Zeros {

  private static final ByteBuffer BLOCK = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

  private Zeros() {}

  /** Writes {@code count} zeros to {@code target}. */
  static void fill(ByteBuffer target, int count) {
    for (int left = count; left > 0; left -= BLOCK.capacity()) {
      target.put(BLOCK.slice(0, Math.min(left, BLOCK.capacity())));
    }
  }

  /**
   * {@return whether the remaining bytes of {@code bytes} are all zero}
   *
   * @param bytes the buffer to look at; its position stays
   */
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
