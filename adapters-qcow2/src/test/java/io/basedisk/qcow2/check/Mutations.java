package io.basedisk.qcow2.check;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** Random damage to an image, mostly to its structures. */
final class Mutations {

  /** Numbers near limits, signs and flags. */
  private static final int[] TELLING = {
    0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1, 512, 65536, 0x40000000
  };

  private final Random random;
  private final byte[] valid;

  /** Offsets of structures. */
  private final int[] content;

  Mutations(Random random, byte[] valid) {
    this.random = random;
    this.valid = valid;
    this.content =
        IntStream.range(0, valid.length)
            .filter(i -> valid[i] != 0 && !isGuestData(valid, i & -8))
            .toArray();
  }

  /** Returns whether eight bytes are equal, as in most guest data and in few structures. */
  private static boolean isGuestData(byte[] image, int at) {
    return IntStream.range(at, Math.min(at + 8, image.length)).allMatch(i -> image[i] == image[at]);
  }

  /** Returns the image with up to four changes. */
  byte[] next() {
    byte[] damaged = valid.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      change(damaged);
    }
    return random.nextInt(10) == 0
        ? Arrays.copyOf(damaged, random.nextInt(damaged.length))
        : damaged;
  }

  private void change(byte[] image) {
    // Aligned like fields. Skips guest data, and mostly the header.
    int at = content[random.nextInt(content.length)] & -(1 << random.nextInt(4));
    if (random.nextInt(8) == 0) {
      at = random.nextInt(112);
    }
    switch (random.nextInt(4)) {
      case 0 -> image[at] = (byte) random.nextInt(256);
      case 1 -> image[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> putInt(image, at, TELLING[random.nextInt(TELLING.length)]);
      default -> copyEntry(image, at & -8);
    }
  }

  private static void putInt(byte[] image, int at, int value) {
    if (at + Integer.BYTES <= image.length) {
      ByteBuffer.wrap(image).putInt(at, value);
    }
  }

  /** Copies one entry over another, so that two entries share one offset. */
  private void copyEntry(byte[] image, int at) {
    int from = content[random.nextInt(content.length)] & -8;
    if (Math.max(at, from) + Long.BYTES <= image.length) {
      System.arraycopy(image, from, image, at, Long.BYTES);
    }
  }
}
