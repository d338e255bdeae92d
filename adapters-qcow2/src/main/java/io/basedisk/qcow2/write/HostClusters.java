package io.basedisk.qcow2.write;

import static com.google.common.base.Preconditions.checkNotNull;

import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.RefcountBlock;
import io.basedisk.qcow2.format.RefcountGeometry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The clusters of a file that is being written, handed out from its beginning on, and the blocks of
 * their refcounts, which are handed on when all that they count was handed out.
 *
 * <p>Specification: "Host cluster management".
 */
final class HostClusters {

  static final int REFCOUNT_ORDER = 4;

  private final ClusterGeometry geometry;
  private final RefcountGeometry refcounts;

  /** By their index in the refcount table, those that nobody took yet. */
  private final NavigableMap<Long, RefcountBlock> blocks = new TreeMap<>();

  private long next;

  HostClusters(ClusterGeometry geometry) {
    this.geometry = geometry;
    this.refcounts = new RefcountGeometry(geometry.clusterBits(), REFCOUNT_ORDER);
  }

  /** Returns how many were handed out. */
  long count() {
    return next;
  }

  /** Returns how many refcounts a block has. */
  int blockEntries() {
    return refcounts.blockEntries();
  }

  /** Hands out {@code count} clusters that follow one another, each with a refcount of 1. */
  HostOffset allocate(long count) {
    HostOffset start = geometry.clusterOffset(next);
    for (long end = next + count; next < end; next++) {
      block(next).set(refcounts.blockIndex(next), 1);
    }
    return start;
  }

  private RefcountBlock block(long cluster) {
    long index = refcounts.tableIndex(cluster);
    if (!blocks.isEmpty() && blocks.lastKey() == index) {
      return blocks.lastEntry().getValue();
    }
    RefcountBlock added =
        new RefcountBlock(ByteBuffer.allocate(geometry.clusterSize()), REFCOUNT_ORDER);
    blocks.put(index, added);
    return added;
  }

  /**
   * Counts one more reference to a cluster whose block nobody took yet.
   *
   * @return false, and nothing was done, if no more can be counted
   */
  boolean addReference(HostOffset cluster) {
    long number = geometry.clusterNumber(cluster);
    RefcountBlock block = checkNotNull(blocks.get(refcounts.tableIndex(number)));
    int index = refcounts.blockIndex(number);
    long count = block.get(index);
    if (count == block.maximum()) {
      return false;
    }
    block.set(index, count + 1);
    return true;
  }

  /** Returns the bytes of the blocks that {@link #takeFinished} would return. */
  long finishedBytes() {
    return (blocks.size() - 1L) << geometry.clusterBits();
  }

  /** Hands on, in the order of the refcount table, the blocks before the last one. */
  List<ByteBuffer> takeFinished() {
    return take(blocks.headMap(blocks.lastKey()));
  }

  /** Hands on all blocks that were not handed on before. */
  List<ByteBuffer> takeAll() {
    return take(blocks);
  }

  private static List<ByteBuffer> take(SortedMap<Long, RefcountBlock> part) {
    List<ByteBuffer> taken = new ArrayList<>();
    part.forEach((index, block) -> taken.add(block.bytes()));
    part.clear();
    return taken;
  }
}
