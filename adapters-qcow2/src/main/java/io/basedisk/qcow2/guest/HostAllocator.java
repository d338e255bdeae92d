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
 * Takes new clusters at the end of an image file, and keeps its refcounts.
 *
 * <p>A refcount is written at once but durable with the next flush. What a crash leaves is a
 * cluster that is counted and not used, never one that is used and not counted: {@link
 * WriteBackTables} points to a cluster only after that. Not safe for many threads.
 *
 * <p>Specification: "Host cluster management".
 */
final class HostAllocator {

  /** More refcounts beyond the end of the file than this are not left over but made up. */
  private static final int MAX_SKIPPED = 1 << 20;

  private final ImageFile file;
  private final ClusterGeometry geometry;
  private final RefcountGeometry refcounts;
  private HostOffset tableStart;
  private int tableClusters;
  private long[] table;
  private long next;

  /** The refcount block that was used last, as it is in the file. */
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

  /** Returns a cluster that was free, with a refcount of 1. What it contains is undefined. */
  HostOffset allocate() {
    for (int skipped = 0; skipped < MAX_SKIPPED; ) {
      long cluster = next++;
      long index = refcounts.tableIndex(cluster);
      if (index >= table.length) {
        growTable(cluster);
      } else if (new RefcountTableEntry(table[(int) index]).block().isNowhere()) {
        addBlock(cluster, (int) index);
      } else if (refcount(cluster) != 0) {
        skipped++; // Left over from a crash, say: for a check to reclaim.
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

  /** Makes {@code cluster} the refcount block that counts itself first. */
  private void addBlock(long cluster, int index) {
    RefcountBlock added = emptyBlock(refcounts.order());
    added.set(refcounts.blockIndex(cluster), 1);
    HostOffset at = geometry.clusterOffset(cluster);
    file.write(at, added.bytes().duplicate());
    // Were the table's entry durable first, a power cut would leave counts of anything.
    file.force();
    file.write(
        tableStart.plus((long) index * Long.BYTES),
        ByteBuffer.allocate(Long.BYTES).putLong(at.bytes()).flip());
    table[index] = at.bytes();
  }

  /**
   * Moves the refcount table, half as large again, to {@code cluster}, the first that it did not
   * reach. Behind it come the blocks that count both.
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
   * Where a larger refcount table goes.
   *
   * @param cluster where the table starts
   * @param tableClusters how long it is
   * @param firstIndex the index of the table's first new entry that is used
   * @param blocks the number of blocks behind the table: enough to count it and themselves
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

    /** Returns the number of the first cluster behind the blocks. */
    long end() {
      return firstBlock() + blocks;
    }

    /** Returns the content of a block: 1 for each cluster of table and blocks that it counts. */
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
