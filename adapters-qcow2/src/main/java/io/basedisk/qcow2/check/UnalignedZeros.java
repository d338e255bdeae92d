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
 * Entries of clusters that read as zeros, whose preallocated host cluster is not where one can be.
 * Nothing of the guest's is there: the entries lose that cluster, as they do in QEMU, and say zeros
 * as before. Only tables are written to that are nothing else; of the L2 tables, those of one
 * stretch of the file.
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
   * Prepares the change.
   *
   * @param tableUse what the clusters of the stretch are in use for
   */
  UnalignedZeros(CheckedImage image, TableUse tableUse) {
    this.image = image;
    this.file = image.file();
    this.header = image.header();
    this.geometry = header.geometry();
    this.tableUse = tableUse;
    this.l2Table = new L2Table(file, geometry);
  }

  /** Makes the change, not yet durably. */
  void mend() {
    if (header.version() < 3) {
      return; // It has no entry that says zeros.
    }
    OverlappingRanges l1Tables = new OverlappingRanges();
    addL1Table(l1Tables, header.l1Table(), header.l1Bytes());
    for (SnapshotTableEntry snapshot : image.snapshots().entries()) {
      addL1Table(l1Tables, snapshot.l1Table(), snapshot.l1Bytes());
    }
    l1Tables.forEach((start, end, times) -> mendL1(start, end));
    mendL2Tables();
  }

  private void addL1Table(OverlappingRanges l1Tables, HostOffset start, long size) {
    boolean possible =
        geometry.isAligned(start) && start.bytes() >= 0 && size <= Header.MAX_L1_BYTES;
    long end = Math.min(start.bytes() + size, file.length());
    if (possible && start.bytes() < end) {
      l1Tables.add(start.bytes(), end);
    }
  }

  private void mendL1(long start, long end) {
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
        mendL2Tables();
      }
    }
  }

  private void mendL2Tables() {
    l2Tables.drain((table, references, active) -> mendL2(table));
  }

  private void mendL2(HostOffset table) {
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
