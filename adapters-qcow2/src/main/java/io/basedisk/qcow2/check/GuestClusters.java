package io.basedisk.qcow2.check;

import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.format.ClusterDescriptor;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.L1Entry;
import io.basedisk.qcow2.format.L2Entry;
import io.basedisk.qcow2.image.ImageFile;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Check of the L1 and L2 entries of the active disk and of all snapshots. Copied flags are checked
 * in the active disk only: writers do not update the flags of snapshots.
 *
 * <p>Specification: "Cluster mapping", "Extended L2 Entries".
 */
final class GuestClusters {

  /**
   * Limit of unaligned L2 tables to read. A hostile image can refer to thousands of times more of
   * them than the file has clusters.
   */
  private static final int MAX_MISALIGNED_TABLES = 1000;

  private final ImageFile file;
  private final ClusterGeometry geometry;
  private final StoredRefcounts stored;
  private final References references;
  private final CheckFindings findings;
  private final ClusterUsage usage = new ClusterUsage();
  private final TableReferences l2Tables = new TableReferences();
  private final L2Table l2Table;
  private final Progress progress;
  private int misalignedTables;

  /**
   * Prepares a check.
   *
   * @param progress receives the number of L2 tables read
   */
  GuestClusters(
      CheckedImage image, References references, CheckFindings findings, Progress progress) {
    this.file = image.file();
    this.geometry = image.header().geometry();
    this.stored = image.refcounts();
    this.references = references;
    this.findings = findings;
    this.progress = progress;
    this.l2Table = new L2Table(file, geometry);
  }

  /**
   * Adds an L1 entry. Its L2 table is read later.
   *
   * @param times number of L1 tables that contain the entry
   * @param active whether the entry belongs to the active disk
   */
  void addL1Entry(L1Entry entry, long times, boolean active) {
    if (entry.bits() == 0) {
      return;
    }
    HostOffset table = entry.l2Table();
    if (entry.hasReservedBits()) {
      findings.corruption(
          times, () -> "L1 entry 0x" + Long.toHexString(entry.bits()) + " has reserved bits set");
    }
    references.addL2Table(table, times);
    if (!geometry.isAligned(table)) {
      findings.corruption(times, () -> "L2 table at " + table + " is not aligned");
    }
    if (active && !table.isNowhere()) {
      checkCopied("L2 table", table, entry.isCopied(), times);
    }
    if (shouldRead(table)) {
      l2Tables.add(table, times, active);
      if (l2Tables.isFull()) {
        readL2Tables();
      }
    }
  }

  private boolean shouldRead(HostOffset table) {
    return table.bytes() < file.length()
        && (geometry.isAligned(table) || misalignedTables++ < MAX_MISALIGNED_TABLES);
  }

  /** Reads the remaining L2 tables, and returns the cluster usage of the active disk. */
  ClusterUsage finish() {
    readL2Tables();
    return usage;
  }

  private void readL2Tables() {
    int total = l2Tables.size();
    AtomicInteger done = new AtomicInteger();
    l2Tables.drain(
        (start, times, active) -> {
          InterruptedOperationException.throwIfInterrupted(
              () -> file.path() + ": the check was interrupted");
          readL2Table(start, times, active);
          progress.at(done.incrementAndGet(), total);
        });
  }

  private void readL2Table(HostOffset start, long times, long active) {
    l2Table.read(start);
    // As in QEMU: not in a table whose own refcount can't be read, nor in the header's cluster.
    boolean checkCopied = active > 0 && !start.isNowhere() && isReadable(start);
    HostOffset expected = HostOffset.NOWHERE;
    for (int i = 0; i < l2Table.size(); i++) {
      L2Entry entry = l2Table.entry(i);
      if (entry.isCompressed()) {
        addCompressed(entry, times, active);
        continue;
      }
      checkBits(entry, times);
      if (entry.host().isNowhere()) {
        continue;
      }
      addStandard(entry, times);
      if (active > 0) {
        usage.addStandard(entry.host(), expected, active);
        expected = entry.host().plus(geometry.clusterSize());
      }
      if (checkCopied) {
        checkCopied("cluster", entry.host(), entry.isCopied(), active);
      }
    }
  }

  private void checkBits(L2Entry entry, long times) {
    if (entry.hasReservedBits()) {
      findings.corruption(times, () -> describe(entry) + " has reserved bits set");
    }
    if (!entry.hasValidSubclusters()) {
      findings.corruption(times, () -> describe(entry) + " has an invalid subcluster bitmap");
    }
  }

  private void addStandard(L2Entry entry, long times) {
    if (!geometry.isAligned(entry.host())) {
      findings.corruption(times, () -> "cluster at " + entry.host() + " is not aligned");
    }
    references.add("cluster", entry.host(), times);
  }

  private void addCompressed(L2Entry entry, long times, long active) {
    if (entry.isCopied()) {
      findings.corruption(times, () -> describe(entry) + " is compressed and marked as copied");
    }
    if (entry.subclusters() != 0) {
      findings.corruption(times, () -> describe(entry) + " is compressed and has subclusters");
      return;
    }
    ClusterDescriptor.Compressed cluster = entry.compressed(geometry);
    references.add("compressed cluster", cluster.host(), cluster.maxSize(), times);
    if (active > 0) {
      usage.addCompressed(active);
    }
  }

  /** Checks a copied flag against the stored refcount. */
  private void checkCopied(String what, HostOffset host, boolean copied, long times) {
    if (isReadable(host) && (stored.get(geometry.clusterNumber(host)) == 1) != copied) {
      findings.wrongFlag(
          times,
          () ->
              what
                  + " at "
                  + host
                  + (copied ? " is marked as copied" : " is not marked as copied")
                  + ", which contradicts its refcount");
    }
  }

  private boolean isReadable(HostOffset host) {
    return stored.isReadable(geometry.clusterNumber(host));
  }

  private static String describe(L2Entry entry) {
    return "L2 entry 0x" + Long.toHexString(entry.bits());
  }
}
