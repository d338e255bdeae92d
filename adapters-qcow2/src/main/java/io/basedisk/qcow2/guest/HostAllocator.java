package io.basedisk.qcow2.guest;

import io.basedisk.domain.error.StorageException;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.FileBounds;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.RefcountBlock;
import io.basedisk.qcow2.format.RefcountGeometry;
import io.basedisk.qcow2.format.RefcountTableEntry;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Allocates clusters at the end of an image file, and maintains its refcounts.
 *
 * <p>A refcount is written at once, and is durable after the next flush. {@link WriteBackTables}
 * refers to a cluster only after that. Therefore a crash can leak a cluster, but never leaves a
 * used cluster with the refcount 0. Not thread-safe.
 *
 * <p>Specification: "Host cluster management".
 */
final class HostAllocator {

  /** Limit of used clusters beyond the end of the file. A crash leaves fewer; more are hostile. */
  private static final int MAX_SKIPPED = 1 << 20;

  private final ImageFile file;
  private final ClusterGeometry geometry;
  private final RefcountGeometry refcounts;
  private HostOffset tableStart;
  private int tableClusters;
  private long[] table;
  private long next;

  /** The refcount block used last, as stored in the file. */
  private RefcountBlock block;

  private HostOffset blockStart = HostOffset.NOWHERE;

  HostAllocator(ImageFile file, Header header) {
    this.file = file;
    this.geometry = header.geometry();
    this.refcounts = new RefcountGeometry(geometry.clusterBits(), header.refcountOrder());
    this.tableStart = header.refcountTable();
    this.tableClusters = header.refcountTableClusters();
    this.table = new long[tableClusters * (geometry.clusterSize() / Long.BYTES)];
    file.read(tableStart, table.length * Long.BYTES).asLongBuffer().get(table);
    this.block = emptyBlock(header.refcountOrder());
    this.next = geometry.clusters(file.length());
  }

  /** Allocates a cluster, with the refcount 1 and undefined content. */
  HostOffset allocate() {
    for (int skipped = 0; skipped < MAX_SKIPPED; ) {
      long cluster = next++;
      long index = refcounts.tableIndex(cluster);
      if (index >= table.length) {
        growTable(cluster);
      } else if (new RefcountTableEntry(table[(int) index]).block().isNowhere()) {
        addBlock(cluster, (int) index);
      } else if (refcount(cluster) != 0) {
        skipped++; // Leaked, for example by a crash. A check reclaims it.
      } else {
        setRefcount(cluster, 1);
        return geometry.clusterOffset(cluster);
      }
    }
    throw file.invalid(
        new FormatException("the clusters beyond the end of the file are counted as used"));
  }

  // Single refcounts.

  private long refcount(long cluster) {
    load(cluster);
    return block.get(refcounts.blockIndex(cluster));
  }

  private void setRefcount(long cluster, long count) {
    load(cluster);
    int index = refcounts.blockIndex(cluster);
    block.set(index, count);
    int at = index * Short.BYTES;
    file.write(blockStart.plus(at), block.bytes().slice(at, Short.BYTES));
  }

  private void load(long cluster) {
    long bits = table[(int) refcounts.tableIndex(cluster)];
    HostOffset wanted = new RefcountTableEntry(bits).block();
    if (wanted.equals(blockStart)) {
      return;
    }
    try {
      new FileBounds(file.length(), geometry).requireCluster("refcount block", wanted);
    } catch (FormatException e) {
      throw file.invalid(e);
    }
    blockStart = HostOffset.NOWHERE;
    block.bytes().clear();
    file.read(wanted.bytes(), block.bytes());
    block.bytes().clear();
    blockStart = wanted;
  }

  // Growth.

  /** Makes {@code cluster} a new refcount block, which also holds its own refcount. */
  private void addBlock(long cluster, int index) {
    RefcountBlock added = emptyBlock(refcounts.order());
    added.set(refcounts.blockIndex(cluster), 1);
    HostOffset at = geometry.clusterOffset(cluster);
    file.write(at, added.bytes().duplicate());
    // The block first: an entry durable before it would refer to arbitrary refcounts.
    file.force();
    file.write(
        tableStart.plus((long) index * Long.BYTES),
        ByteBuffer.allocate(Long.BYTES).putLong(at.bytes()).flip());
    table[index] = at.bytes();
  }

  /**
   * Moves the refcount table, grown by half, to {@code cluster}, the first cluster that the old
   * table does not cover. The refcount blocks for the new table and for themselves follow it.
   */
  private void growTable(long cluster) {
    Growth growth = Growth.from(cluster, table.length, geometry, refcounts);
    if (growth.tableClusters << geometry.clusterBits() > Header.MAX_REFCOUNT_TABLE_BYTES) {
      throw new StorageException(file.path() + ": the refcount table can't grow any more");
    }
    long[] grown =
        Arrays.copyOf(table, (int) growth.tableClusters * geometry.clusterSize() / Long.BYTES);
    for (int i = 0; i < growth.blocks; i++) {
      HostOffset at = geometry.clusterOffset(growth.firstBlock() + i);
      grown[(int) growth.firstIndex + i] = at.bytes();
      file.write(at, growth.block(i, emptyBlock(refcounts.order()), refcounts));
    }
    HostOffset start = geometry.clusterOffset(cluster);
    ByteBuffer bytes = ByteBuffer.allocate(grown.length * Long.BYTES);
    bytes.asLongBuffer().put(grown);
    file.write(start, bytes);
    switchTable(start, (int) growth.tableClusters, grown);
    next = growth.end();
  }

  private void switchTable(HostOffset start, int clusters, long[] grown) {
    // Both fields change in one write within a sector: a power cut leaves the old or the new table.
    file.force();
    file.write(
        Header.REFCOUNT_TABLE_FIELDS,
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
            .putLong(start.bytes())
            .putInt(clusters)
            .flip());
    file.force();
    long old = geometry.clusterNumber(tableStart);
    int oldClusters = tableClusters;
    tableStart = start;
    tableClusters = clusters;
    table = grown;
    for (long cluster = old; cluster < old + oldClusters; cluster++) {
      if (refcount(cluster) == 1) {
        setRefcount(cluster, 0);
      }
    }
  }

  private RefcountBlock emptyBlock(int order) {
    return new RefcountBlock(ByteBuffer.allocate(geometry.clusterSize()), order);
  }

  /**
   * Position and size of a larger refcount table.
   *
   * @param cluster first cluster of the table
   * @param tableClusters number of clusters of the table
   * @param firstIndex index of the first new entry in use
   * @param blocks number of refcount blocks after the table, enough for the table and themselves
   */
  private record Growth(long cluster, long tableClusters, long firstIndex, int blocks) {

    static Growth from(
        long cluster, int oldEntries, ClusterGeometry geometry, RefcountGeometry refcounts) {
      long firstIndex = refcounts.tableIndex(cluster);
      Growth growth = new Growth(cluster, 0, firstIndex, 0);
      int blocks = 0;
      do {
        blocks++;
        long entries = Math.max(oldEntries + oldEntries / 2, firstIndex + blocks);
        growth = new Growth(cluster, geometry.clusters(entries * Long.BYTES), firstIndex, blocks);
      } while (refcounts.tableIndex(growth.end() - 1) >= firstIndex + blocks);
      return growth;
    }

    long firstBlock() {
      return cluster + tableClusters;
    }

    /** {@return the number of the first cluster after the blocks} */
    long end() {
      return firstBlock() + blocks;
    }

    /**
     * {@return the content of a block: the refcount 1 for each cluster of the table and of the
     * blocks in its range}
     */
    ByteBuffer block(int number, RefcountBlock empty, RefcountGeometry refcounts) {
      long index = firstIndex + number;
      for (long counted = cluster; counted < end(); counted++) {
        if (refcounts.tableIndex(counted) == index) {
          empty.set(refcounts.blockIndex(counted), 1);
        }
      }
      return empty.bytes().duplicate();
    }
  }
}
