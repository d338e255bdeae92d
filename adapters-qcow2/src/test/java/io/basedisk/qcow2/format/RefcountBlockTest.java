package io.basedisk.qcow2.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.qcow2.Seed;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefcountBlockTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void every_entry_keeps_what_was_set(int order) {
    long seed = Seed.VALUE;
    RefcountBlock block = new RefcountBlock(ByteBuffer.allocate(512), order);
    long[] expected = new long[new RefcountGeometry(9, order).blockEntries()];
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      int index = random.nextInt(expected.length);
      expected[index] = random.nextLong() & block.maximum();
      block.set(index, expected[index]);
    }
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], block.get(i), "seed " + seed + ", entry " + i);
    }
  }

  @Test
  void the_first_of_several_entries_in_a_byte_is_the_least_significant() {
    ByteBuffer bytes = ByteBuffer.allocate(512);
    new RefcountBlock(bytes, 1).set(0, 3);

    assertEquals(0b0000_0011, bytes.get(0));
  }

  @Test
  void sixteen_bits_are_big_endian() {
    ByteBuffer bytes = ByteBuffer.allocate(512);
    new RefcountBlock(bytes, 4).set(1, 0x1234);

    assertEquals(0x12, bytes.get(2));
  }
}
