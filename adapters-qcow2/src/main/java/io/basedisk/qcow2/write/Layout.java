package io.basedisk.qcow2.write;

import com.google.common.collect.Lists;
import com.google.common.math.LongMath;
import io.basedisk.domain.error.StorageException;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.GuestOffset;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.L2Entry;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.write.GuestTables.Table;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Where everything lies in a qcow2 file that is being written: the header, the L1 table, then guest
 * data in the order of the guest, and last the refcount table. L2 tables and refcount blocks are
 * written once, when they are finished, about a MiB of them together, so that they interrupt the
 * data seldom.
 *
 * <p>For one thread at a time, which places the parts of the disk in ascending order.
 */
final class Layout {

  private static final long METADATA_TOGETHER = 1 << 20;

  private final ClusterGeometry geometry;
  private final MetadataFile file;
  private final HostClusters clusters;
  private final GuestTables tables;
  private final CompressedSpace compressed;
  private final List<HostOffset> refcountBlocks = new ArrayList<>();

  Layout(ImageFile file, ClusterGeometry geometry, int l1Entries) {
    this.geometry = geometry;
    this.file = new MetadataFile(file);
    this.clusters = new HostClusters(geometry);
    this.tables = new GuestTables(geometry, l1Entries);
    this.compressed = new CompressedSpace(geometry, clusters);
    // The header and the L1 table.
    clusters.allocate(1 + geometry.clusters((long) l1Entries * Long.BYTES));
  }

  // Guest clusters.

  /** Returns the end of what is placed, where {@link #reserve} begins. */
  HostOffset end() {
    return geometry.clusterOffset(clusters.count());
  }

  /** Takes {@code count} clusters of the file that follow one another; returns where. */
  HostOffset reserve(long count) {
    return clusters.allocate(count);
  }

  /** Says that the cluster that begins at {@code at} is in the file as it is, at {@code host}. */
  void placeData(GuestOffset at, HostOffset host) {
    tables.set(at, L2Entry.copied(host));
  }

  /** Places a cluster that was compressed to {@code size} bytes; returns where. */
  HostOffset placeCompressed(GuestOffset at, int size) {
    HostOffset start = compressed.place(size);
    try {
      tables.set(at, L2Entry.compressed(start, size, geometry));
    } catch (FormatException e) {
      throw new StorageException(file.path() + ": the file is too long: " + e.getMessage(), e);
    }
    return start;
  }

  /** Says that a cluster reads as zeros, whatever the backing file does. */
  void placeZeros(GuestOffset at) {
    tables.set(at, L2Entry.ZERO_CLUSTER);
  }

  // Metadata.

  /** Writes the metadata that is finished, if that is worth it. */
  void settle() {
    if (tables.finishedBytes() + clusters.finishedBytes() >= METADATA_TOGETHER) {
      write(tables.takeFinished(), clusters.takeFinished());
    }
  }

  private void write(List<Table> someTables, List<ByteBuffer> someBlocks) {
    // The block of the cluster that has the last piece may be among them.
    compressed.close();
    HostOffset start = clusters.allocate(someTables.size() + someBlocks.size());
    placeTables(start, someTables);
    placeBlocks(start.plus((long) someTables.size() << geometry.clusterBits()), someBlocks);
  }

  private void placeTables(HostOffset start, List<Table> some) {
    HostOffset next = start;
    for (Table table : some) {
      tables.setTable(table, next);
      next = next.plus(geometry.clusterSize());
    }
    file.write(start, Lists.transform(some, Table::bytes));
  }

  private void placeBlocks(HostOffset start, List<ByteBuffer> some) {
    HostOffset next = start;
    for (int i = 0; i < some.size(); i++) {
      refcountBlocks.add(next);
      next = next.plus(geometry.clusterSize());
    }
    if (refcountBlocks.size() * (long) Long.BYTES > Header.MAX_REFCOUNT_TABLE_BYTES) {
      throw new StorageException(file.path() + ": more clusters than a refcount table can count");
    }
    file.write(start, some);
  }

  /**
   * Writes all metadata that is not written yet, but for the header.
   *
   * @return where the header has to say that the tables are
   */
  Tables finish() {
    write(tables.takeAll(), clusters.takeFinished());
    HostOffset l1 = geometry.clusterOffset(1);
    file.write(l1, List.of(tables.l1()));
    return writeRefcounts(l1);
  }

  /** Where the tables are that the header names. */
  record Tables(HostOffset l1, HostOffset refcountTable, int refcountTableClusters) {}

  /** Writes the last blocks, which count themselves and the table too, and the table. */
  private Tables writeRefcounts(HostOffset l1) {
    Tail tail = Tail.of(clusters, refcountBlocks.size(), geometry);
    HostOffset start = clusters.allocate(tail.blocks + tail.tableClusters);
    placeBlocks(start, clusters.takeAll());
    HostOffset table = start.plus(tail.blocks << geometry.clusterBits());
    ByteBuffer entries = ByteBuffer.allocate(refcountBlocks.size() * Long.BYTES);
    refcountBlocks.forEach(block -> entries.putLong(block.bytes()));
    file.write(table, List.of(entries.flip()));
    return new Tables(l1, table, (int) tail.tableClusters);
  }

  /** How many blocks the file ends with, and how many clusters of refcount table behind them. */
  private record Tail(long blocks, long tableClusters) {

    static Tail of(HostClusters clusters, long blocksBefore, ClusterGeometry geometry) {
      Tail tail = new Tail(0, 0);
      while (true) {
        long end = clusters.count() + tail.blocks + tail.tableClusters;
        long blocks = LongMath.divide(end, clusters.blockEntries(), RoundingMode.CEILING);
        Tail needed = new Tail(blocks - blocksBefore, geometry.clusters(blocks * Long.BYTES));
        if (needed.equals(tail)) {
          return tail;
        }
        tail = needed;
      }
    }
  }
}
