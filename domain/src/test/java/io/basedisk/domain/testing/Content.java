package io.basedisk.domain.testing;

import com.google.common.base.Splitter;
import com.google.common.base.VerifyException;
import io.basedisk.domain.model.ByteSize;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a whole disk contains: blocks of 4 KiB, two in each cluster, each filled with what follows
 * from its stamp; zeros between them, and where a stamp is 0.
 */
@SuppressWarnings("ArrayRecordComponent") // Compared and printed by its own methods.
public record Content(long[] stamps) {

  /** The size of a disk that needs no other. */
  public static final ByteSize VIRTUAL_SIZE = ByteSize.parse("1M");

  /** The blocks of a disk of that size. */
  public static final int BLOCKS = 32;

  private static final int BLOCKS_A_CLUSTER = 2;

  /** A page: a kill can not tear it. */
  private static final int BLOCK_SIZE = 4096;

  private static final int DISTANCE = (int) VIRTUAL_SIZE.bytes() / BLOCKS;
  private static final long MIX = 0x9E3779B97F4A7C15L;
  private static final ByteBuffer ZEROS = ByteBuffer.allocate(DISTANCE).asReadOnlyBuffer();

  public static final Content EMPTY = empty(VIRTUAL_SIZE);

  /**
   * Returns what a disk contains that was never written to.
   *
   * @param virtualSize a multiple of 32 KiB
   */
  public static Content empty(ByteSize virtualSize) {
    return new Content(new long[blocksOf(virtualSize.bytes())]);
  }

  /**
   * Returns what a disk in memory contains.
   *
   * @param clusters by its number what each cluster holds, as {@link #cluster} returns it
   */
  public static Content of(long virtualSize, Map<Long, String> clusters) {
    long[] stamps = new long[blocksOf(virtualSize)];
    clusters.forEach(
        (cluster, held) -> {
          int block = Math.toIntExact(cluster * BLOCKS_A_CLUSTER);
          for (String stamp : Splitter.on(' ').split(held)) {
            stamps[block++] = Long.parseLong(stamp);
          }
        });
    return new Content(stamps);
  }

  /** Returns the number of the cluster in which a block is. */
  public static long clusterOf(int block) {
    return block / BLOCKS_A_CLUSTER;
  }

  /** Returns what a cluster in memory holds: the stamps of its blocks. */
  public String cluster(long number) {
    return Arrays.stream(stamps)
        .skip(number * BLOCKS_A_CLUSTER)
        .limit(BLOCKS_A_CLUSTER)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(" "));
  }

  private static int blocksOf(long virtualSize) {
    if (virtualSize % DISTANCE != 0) {
      throw new VerifyException("a disk of " + virtualSize + " bytes");
    }
    return Math.toIntExact(virtualSize / DISTANCE);
  }

  public static long offset(int block) {
    return (long) block * DISTANCE;
  }

  public static ByteBuffer block(long stamp) {
    if (stamp == 0) {
      return ZEROS.slice(0, BLOCK_SIZE);
    }
    ByteBuffer bytes = ByteBuffer.allocate(BLOCK_SIZE);
    while (bytes.hasRemaining()) {
      bytes.putLong(stamp + bytes.position() * MIX);
    }
    return bytes.clear();
  }

  /** Returns what a disk contains, and fails if no writes of ours can have made it that. */
  public static Content of(ByteBuffer disk) {
    long[] stamps = new long[blocksOf(disk.remaining())];
    for (int i = 0; i < stamps.length; i++) {
      int start = i * DISTANCE;
      stamps[i] = disk.getLong(start);
      boolean isBlock = block(stamps[i]).equals(disk.slice(start, BLOCK_SIZE));
      ByteBuffer rest = disk.slice(start + BLOCK_SIZE, DISTANCE - BLOCK_SIZE);
      if (!isBlock || ZEROS.mismatch(rest) != rest.remaining()) {
        throw new VerifyException("block " + i + " contains bytes that no test wrote");
      }
    }
    return new Content(stamps);
  }

  public int blocks() {
    return stamps.length;
  }

  public ByteSize virtualSize() {
    return new ByteSize((long) stamps.length * DISTANCE);
  }

  public Content with(int block, long stamp) {
    long[] changed = stamps.clone();
    changed[block] = stamp;
    return new Content(changed);
  }

  /** Returns what a disk contains that is made larger. */
  public Content grownTo(ByteSize larger) {
    return new Content(Arrays.copyOf(stamps, blocksOf(larger.bytes())));
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
    return IntStream.range(0, stamps.length)
        .filter(block -> stamps[block] != 0)
        .mapToObj(block -> block + "=" + Long.toHexString(stamps[block]))
        .collect(Collectors.joining(", ", virtualSize() + " bytes {", "}"));
  }
}
