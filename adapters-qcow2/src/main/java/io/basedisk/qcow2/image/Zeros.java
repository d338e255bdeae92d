package io.basedisk.qcow2.image;

import java.nio.ByteBuffer;

/** What reads as zeros. */
final class Zeros {

  private static final byte[] BLOCK = new byte[64 << 10];

  private Zeros() {}

  /** Puts {@code count} zeros into {@code target}. */
  static void fill(ByteBuffer target, int count) {
    for (int left = count; left > 0; left -= BLOCK.length) {
      target.put(BLOCK, 0, Math.min(left, BLOCK.length));
    }
  }
}
