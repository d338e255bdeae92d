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
 * Layout of a new qcow2 file: the header, the L1 table, guest data in ascending order, and the
 * refcount table at the end. L2 tables and refcount blocks are written once, when they are
 * complete. About 1 MiB of them is written together, so that guest data stays contiguous.
 *
 * <p>Not thread-safe. Call in ascending order of guest offsets.
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

  /** {@return the end of the allocated clusters, where the next {@link #reserve} begins} */
  HostOffset end() {
    return geometry.clusterOffset(clusters.count());
  }

  /** Allocates {@code count} contiguous clusters, and returns the offset of the first. */
  HostOffset reserve(long count) {
    return clusters.allocate(count);
  }

  /** Maps the guest cluster at {@code at} to the uncompressed host cluster at {@code host}. */
  void placeData(GuestOffset at, HostOffset host) {
    tables.set(at, L2Entry.copied(host));
  }

  /** Allocates {@code size} bytes for a compressed cluster, and returns their offset. */
  HostOffset placeCompressed(GuestOffset at, int size) {
    HostOffset start = compressed.place(size);
    try {
      tables.set(at, L2Entry.compressed(start, size, geometry));
    } catch (FormatException e) {
      throw new StorageException(file.path() + ": the file is too long: " + e.getMessage(), e);
    }
    return start;
  }

  /** Maps a cluster to zeros, which hides the backing file. */
  void placeZeros(GuestOffset at) {
    tables.set(at, L2Entry.ZERO_CLUSTER);
  }

  // Metadata.

  /** Writes the complete tables and blocks, if there are enough for one large write. */
  void settle() {
    if (tables.finishedBytes() + clusters.finishedBytes() >= METADATA_TOGETHER) {
      write(tables.takeFinished(), clusters.takeFinished());
    }
  }

  private void write(List<Table> someTables, List<ByteBuffer> someBlocks) {
    // These blocks may include the refcount of the last piece's cluster.
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
   * Writes all remaining metadata except for the header.
   *
   * @return positions of the tables, for the header
   */
  Tables finish() {
    write(tables.takeAll(), clusters.takeFinished());
    HostOffset l1 = geometry.clusterOffset(1);
    file.write(l1, List.of(tables.l1()));
    return writeRefcounts(l1);
  }

  /** Positions of the tables that the header refers to. */
  record Tables(HostOffset l1, HostOffset refcountTable, int refcountTableClusters) {}

  /**
   * Writes the last refcount blocks and the refcount table. These blocks count themselves and the
   * table.
   */
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

  /**
   * Number of refcount blocks at the end of the file, and of clusters of the refcount table after
   * them.
   */
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
