package io.basedisk.qcow2.check;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** An image, damaged at random: mostly where it has structures. */
final class Mutations {

  /** Numbers that limits, signs and flags are about. */
  private static final int[] TELLING = {
    0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1, 512, 65536, 0x40000000
  };

  private final Random random;
  private final byte[] valid;

  /** Where there are bytes of structures. */
  private final int[] content;

  Mutations(Random random, byte[] valid) {
    this.random = random;
    this.valid = valid;
    this.content =
        IntStream.range(0, valid.length)
            .filter(i -> valid[i] != 0 && !isGuestData(valid, i & -8))
            .toArray();
  }

  /** Returns whether eight bytes are the same: so is what our guests write, and little else. */
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
    // Aligned as fields are; the data of the guest is of no interest, nor often the header.
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

  /** Puts one entry, as it may be, in place of another: two things in one place. */
  private void copyEntry(byte[] image, int at) {
    int from = content[random.nextInt(content.length)] & -8;
    if (Math.max(at, from) + Long.BYTES <= image.length) {
      System.arraycopy(image, from, image, at, Long.BYTES);
    }
  }
}
