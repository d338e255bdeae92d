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
 * Allocator for the host clusters of a new file, from its beginning on, with their refcount blocks.
 * A block is complete once all its clusters are allocated.
 *
 * <p>Specification: "Host cluster management".
 */
final class HostClusters {

  static final int REFCOUNT_ORDER = 4;

  private final ClusterGeometry geometry;
  private final RefcountGeometry refcounts;

  /** The blocks not taken yet, by index in the refcount table. */
  private final NavigableMap<Long, RefcountBlock> blocks = new TreeMap<>();

  private long next;

  HostClusters(ClusterGeometry geometry) {
    this.geometry = geometry;
    this.refcounts = new RefcountGeometry(geometry.clusterBits(), REFCOUNT_ORDER);
  }

  /** {@return the number of clusters allocated so far} */
  long count() {
    return next;
  }

  /** {@return the number of refcounts in a block} */
  int blockEntries() {
    return refcounts.blockEntries();
  }

  /** Allocates {@code count} contiguous clusters, each with the refcount 1. */
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
   * Adds a reference to a cluster. Its refcount block must not have been taken yet.
   *
   * @return false, with no change, if the refcount is at its maximum
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

  /** {@return the size in bytes of the blocks that {@link #takeFinished} would return} */
  long finishedBytes() {
    return (blocks.size() - 1L) << geometry.clusterBits();
  }

  /** Removes and returns all blocks but the last, in the order of the refcount table. */
  List<ByteBuffer> takeFinished() {
    return take(blocks.headMap(blocks.lastKey()));
  }

  /** Removes and returns all blocks. */
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
