package io.basedisk.qcow2.testing;

import java.util.Arrays;
import java.util.Random;

/** Test data for disks. */
public final class Disks {

  private Disks() {}

  /**
   * Returns a mix of zeros, of data that compresses well or badly, and of data that does not
   * compress.
   */
  public static byte[] varied(Random random, int length) {
    byte[] content = new byte[length];
    random.nextBytes(content);
    for (int at = 0; at < length; ) {
      int end = (int) Math.min(length, at + 1L + random.nextInt(200_000));
      int bits = random.nextInt(4) == 0 ? 0 : random.nextInt(9);
      if (bits == 0) {
        Arrays.fill(content, at, end, (byte) 0);
      } else {
        for (int i = at; i < end; i++) {
          content[i] &= (byte) ((1 << bits) - 1);
        }
      }
      at = end;
    }
    return content;
  }
}
