package io.basedisk.qcow2.check;

import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.L1Entry;
import io.basedisk.qcow2.format.L2Entry;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;

/**
 * Repair of the copied flags in the active disk's L1 and L2 entries: a flag is set if and only if
 * the stored refcount is 1. It writes only to a table whose clusters have no other use, and only to
 * L2 tables in one stretch of the file.
 *
 * <p>Specification: "Cluster mapping", bit 63 of L1 and L2 table entries.
 */
final class CopiedFlags {

  /** Which wrong flags to repair. */
  enum Change {
    /** Clear flags that let a writer change a shared cluster in place. */
    CLEAR,
    /** Set missing flags. Without them, a writer copies clusters needlessly. */
    SET
  }

  private static final int STEP = 64 << 10;

  private final ImageFile file;
  private final Header header;
  private final ClusterGeometry geometry;
  private final StoredRefcounts stored;
  private final ReferenceCounts counts;
  private final TableUse tableUse;
  private final Change change;
  private final TableReferences l2Tables = new TableReferences();
  private final L2Table l2Table;

  /**
   * Prepares a repair.
   *
   * @param counts reference counts of the clusters of the stretch
   * @param tableUse which of its clusters hold nothing but L2 tables
   */
  CopiedFlags(CheckedImage image, ReferenceCounts counts, TableUse tableUse, Change change) {
    this.file = image.file();
    this.header = image.header();
    this.geometry = header.geometry();
    this.stored = image.refcounts();
    this.counts = counts;
    this.tableUse = tableUse;
    this.change = change;
    this.l2Table = new L2Table(file, geometry);
  }

  /** Writes the repaired entries; the caller makes them durable. */
  void repair() {
    long start = header.l1Table().bytes();
    boolean writable = isL1Writable();
    for (long at = start; at < start + header.l1Bytes(); at += STEP) {
      int size = (int) Math.min(STEP, start + header.l1Bytes() - at);
      repairL1(new HostOffset(at), size, writable);
    }
    repairL2Tables();
  }

  private boolean isL1Writable() {
    if (header.l1Bytes() == 0) {
      return false;
    }
    long first = geometry.clusterNumber(header.l1Table());
    long last = geometry.clusterNumber(header.l1Table().plus(header.l1Bytes() - 1));
    for (long cluster = first; cluster <= last; cluster++) {
      if (!counts.covers(cluster) || counts.get(cluster) != 1) {
        return false;
      }
    }
    return true;
  }

  private void repairL1(HostOffset start, int size, boolean writable) {
    ByteBuffer part = file.read(start, size);
    boolean changed = false;
    for (int at = 0; at < size; at += Long.BYTES) {
      L1Entry entry = new L1Entry(part.getLong(at));
      HostOffset table = entry.l2Table();
      if (table.isNowhere()) {
        continue;
      }
      if (needsChange(entry.isCopied(), table)) {
        part.putLong(at, entry.withCopied(change == Change.SET).bits());
        changed = true;
      }
      addL2Table(table);
    }
    if (changed && writable) {
      file.write(start, part);
    }
  }

  private void addL2Table(HostOffset table) {
    if (table.bytes() < file.length() && tableUse.isTableOnly(table, geometry)) {
      l2Tables.add(table, 1, true);
      if (l2Tables.isFull()) {
        repairL2Tables();
      }
    }
  }

  private void repairL2Tables() {
    l2Tables.drain((table, references, active) -> repairL2(table));
  }

  private void repairL2(HostOffset table) {
    if (!isReadable(table)) {
      return;
    }
    l2Table.read(table);
    int first = -1;
    int last = -1;
    for (int i = 0; i < l2Table.size(); i++) {
      L2Entry entry = l2Table.entry(i);
      if (needsChange(entry)) {
        l2Table.setBits(i, entry.withCopied(change == Change.SET).bits());
        first = first < 0 ? i : first;
        last = i;
      }
    }
    if (last >= 0) {
      l2Table.write(table, first, last);
    }
  }

  private boolean needsChange(L2Entry entry) {
    if (entry.isCompressed()) {
      return change == Change.CLEAR && entry.isCopied(); // Never valid there.
    }
    return !entry.host().isNowhere() && needsChange(entry.isCopied(), entry.host());
  }

  private boolean needsChange(boolean copied, HostOffset host) {
    if (!isReadable(host) || copied != (change == Change.CLEAR)) {
      return false;
    }
    return (stored.get(geometry.clusterNumber(host)) == 1) != copied;
  }

  private boolean isReadable(HostOffset host) {
    return stored.isReadable(geometry.clusterNumber(host));
  }
}
