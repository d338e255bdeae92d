package io.basedisk.qcow2.write;

import java.util.Random;

/** Contents of disks. */
final class Disks {

  private Disks() {}

  /** Returns stretches of zeros, of what compresses well or badly, and of what does not at all. */
  static byte[] varied(Random random, int length) {
    byte[] content = new byte[length];
    for (int at = 0; at < length; ) {
      int end = (int) Math.min(length, at + 1L + random.nextInt(200_000));
      int symbols = random.nextInt(4) == 0 ? 1 : 1 << random.nextInt(9);
      for (int i = at; i < end; i++) {
        content[i] = (byte) random.nextInt(symbols);
      }
      at = end;
    }
    return content;
  }
}
