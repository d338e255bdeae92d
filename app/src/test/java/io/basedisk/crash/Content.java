package io.basedisk.crash;

import com.google.common.base.VerifyException;
import io.basedisk.domain.model.ByteSize;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What a whole disk contains: blocks of 4 KiB, two in each cluster, each filled with what follows
 * from its stamp; zeros between them, and where a stamp is 0.
 */
@SuppressWarnings("ArrayRecordComponent") // Compared and printed by its own methods.
record Content(long[] stamps) {

  static final ByteSize VIRTUAL_SIZE = ByteSize.parse("1M");
  static final int BLOCKS = 32;

  /** A page: a kill can not tear it. */
  private static final int BLOCK_SIZE = 4096;

  private static final int DISTANCE = (int) VIRTUAL_SIZE.bytes() / BLOCKS;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  static final Content EMPTY = new Content(new long[BLOCKS]);

  static long offset(int block) {
    return (long) block * DISTANCE;
  }

  static ByteBuffer block(long stamp) {
    ByteBuffer bytes = ByteBuffer.allocate(BLOCK_SIZE);
    while (stamp != 0 && bytes.hasRemaining()) {
      bytes.putLong(stamp + bytes.position() * MIX);
    }
    return bytes.clear();
  }

  /** Returns what a disk contains, and fails if no writes of ours can have made it that. */
  static Content of(ByteBuffer disk) {
    if (disk.remaining() != VIRTUAL_SIZE.bytes()) {
      throw new VerifyException("a disk of " + disk.remaining() + " bytes");
    }
    long[] stamps = new long[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
      int start = i * DISTANCE;
      stamps[i] = disk.getLong(start);
      boolean isBlock = block(stamps[i]).equals(disk.slice(start, BLOCK_SIZE));
      ByteBuffer zeros = ByteBuffer.allocate(DISTANCE - BLOCK_SIZE);
      if (!isBlock || !zeros.equals(disk.slice(start + BLOCK_SIZE, zeros.capacity()))) {
        throw new VerifyException("block " + i + " contains what nobody wrote");
      }
    }
    return new Content(stamps);
  }

  Content with(int block, long stamp) {
    long[] changed = stamps.clone();
    changed[block] = stamp;
    return new Content(changed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Content content && Arrays.equals(stamps, content.stamps);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(stamps);
  }

  @Override
  public String toString() {
    return Arrays.toString(stamps);
  }
}
