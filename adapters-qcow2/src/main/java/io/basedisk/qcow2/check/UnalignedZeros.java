package io.basedisk.qcow2.check;

import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.L1Entry;
import io.basedisk.qcow2.format.L2Entry;
import io.basedisk.qcow2.format.SnapshotTableEntry;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;

/**
 * Repair of L2 entries for zero clusters whose preallocated host cluster is not aligned. As in
 * QEMU, the entry loses the host cluster and still reads as zeros, so that no guest data changes.
 * It writes only to L2 tables in one stretch of the file whose clusters have no other use.
 *
 * <p>Specification: "Cluster mapping", "Standard Cluster Descriptor"; "Extended L2 Entries".
 */
final class UnalignedZeros {

  private static final int STEP = 64 << 10;

  private final CheckedImage image;
  private final ImageFile file;
  private final Header header;
  private final ClusterGeometry geometry;
  private final TableUse tableUse;
  private final TableReferences l2Tables = new TableReferences();
  private final L2Table l2Table;

  /**
   * Prepares a repair.
   *
   * @param tableUse which clusters of the stretch hold nothing but L2 tables
   */
  UnalignedZeros(CheckedImage image, TableUse tableUse) {
    this.image = image;
    this.file = image.file();
    this.header = image.header();
    this.geometry = header.geometry();
    this.tableUse = tableUse;
    this.l2Table = new L2Table(file, geometry);
  }

  /** Writes the repaired entries; the caller makes them durable. */
  void repair() {
    if (header.version() < 3) {
      return; // Version 2 has no zero clusters.
    }
    OverlappingRanges l1Tables = new OverlappingRanges();
    addL1Table(l1Tables, header.l1Table(), header.l1Bytes());
    for (SnapshotTableEntry snapshot : image.snapshots().entries()) {
      addL1Table(l1Tables, snapshot.l1Table(), snapshot.l1Bytes());
    }
    l1Tables.forEach((start, end, times) -> repairL1(start, end));
    repairL2Tables();
  }

  private void addL1Table(OverlappingRanges l1Tables, HostOffset start, long size) {
    boolean possible =
        geometry.isAligned(start) && start.bytes() >= 0 && size <= Header.MAX_L1_BYTES;
    long end = Math.min(start.bytes() + size, file.length());
    if (possible && start.bytes() < end) {
      l1Tables.add(start.bytes(), end);
    }
  }

  private void repairL1(long start, long end) {
    for (long at = start; at < end; at += STEP) {
      ByteBuffer part = file.read(new HostOffset(at), (int) Math.min(STEP, end - at));
      while (part.remaining() >= Long.BYTES) {
        addL2Table(new L1Entry(part.getLong()).l2Table());
      }
    }
  }

  private void addL2Table(HostOffset table) {
    if (!table.isNowhere() && tableUse.isTableOnly(table, geometry)) {
      l2Tables.add(table, 1, false);
      if (l2Tables.isFull()) {
        repairL2Tables();
      }
    }
  }

  private void repairL2Tables() {
    l2Tables.drain((table, references, active) -> repairL2(table));
  }

  private void repairL2(HostOffset table) {
    l2Table.read(table);
    for (int i = 0; i < l2Table.size(); i++) {
      L2Entry entry = l2Table.entry(i);
      if (!geometry.isAligned(entry.host()) && entry.hasNoData(geometry)) {
        l2Table.setBits(i, entry.withoutHost(geometry).bits());
        l2Table.write(table, i, i);
      }
    }
  }
}
