package io.basedisk.qcow2.check;

import io.basedisk.qcow2.format.BitmapDirectoryEntry;
import io.basedisk.qcow2.format.BitmapTableEntry;
import io.basedisk.qcow2.format.BitmapsExtension;
import io.basedisk.qcow2.format.ClusterDescriptor;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.L1Entry;
import io.basedisk.qcow2.format.L2Entry;
import io.basedisk.qcow2.format.RefcountTableEntry;
import io.basedisk.qcow2.format.SnapshotTableEntry;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * A walk through all that an image refers to, which counts the references of one stretch of the
 * file and finds entries that can't be right.
 *
 * <p>What is wrong is noted and gone past: the walk goes on wherever it can, so that what a damaged
 * image still refers to is not taken for leaked.
 */
final class ReferenceWalk {

  private static final int STEP = 64 << 10;

  /**
   * How many tables are read that are not aligned. That is damage, and the first few show what
   * else; there could be thousands of times as many as the file has clusters.
   */
  private static final int MAX_MISALIGNED_TABLES = 1000;

  private final CheckedImage image;
  private final ImageFile file;
  private final Header header;
  private final ClusterGeometry geometry;
  private final StoredRefcounts stored;
  private final ReferenceCounts counts;

  /** Takes what is wrong with a count. */
  private final Findings findings;

  /** Takes what is wrong whatever is counted: every walk finds it again. */
  private final Findings structure;

  private final ClusterUsage usage = new ClusterUsage();
  private final TableReferences l2Tables = new TableReferences();
  private final L2Table l2Table;
  private int misalignedTables;

  ReferenceWalk(CheckedImage image, ReferenceCounts counts, Findings findings, Findings structure) {
    this.image = image;
    this.file = image.file();
    this.header = image.header();
    this.geometry = header.geometry();
    this.stored = image.refcounts();
    this.counts = counts;
    this.findings = findings;
    this.structure = structure;
    this.l2Table = new L2Table(file, geometry);
  }

  /** Walks through the whole image. */
  ClusterUsage walk() {
    refer("header", HostOffset.NOWHERE, geometry.clusterSize(), 1);
    refer("L1 table", header.l1Table(), header.l1Bytes(), 1);
    walkL1(header.l1Table().bytes(), header.l1Bytes(), 1, true);
    walkSnapshots();
    l2Tables.drain(this::walkL2);
    walkBitmaps();
    refer(
        "refcount table",
        header.refcountTable(),
        (long) header.refcountTableClusters() << geometry.clusterBits(),
        1);
    walkRefcountBlocks();
    return usage;
  }

  // Tables of guest clusters.

  private void walkSnapshots() {
    refer("snapshot table", header.snapshotTable(), image.snapshots().size(), 1);
    TableUnion l1Tables = new TableUnion("L1 table of a snapshot");
    for (SnapshotTableEntry snapshot : image.snapshots().entries()) {
      if (header.version() > 2 && !snapshot.isComplete()) {
        structure.corruption(1, () -> "a snapshot's entry lacks the data that version 3 demands");
      }
      if (!geometry.isAligned(snapshot.l1Table())) {
        structure.corruption(1, () -> "L1 table at " + snapshot.l1Table() + " is not aligned");
      } else if (snapshot.l1Bytes() > Header.MAX_L1_BYTES) {
        structure.corruption(1, () -> "L1 table at " + snapshot.l1Table() + " is too large");
      } else {
        l1Tables.add(snapshot.l1Table(), snapshot.l1Bytes());
      }
    }
    l1Tables.refer();
    l1Tables.contents.forEach((start, end, times) -> walkL1(start, end - start, times, false));
  }

  private void walkL1(long start, long size, long times, boolean active) {
    forEachEntry(start, start + size, bits -> walkL1Entry(new L1Entry(bits), times, active));
  }

  private void walkL1Entry(L1Entry entry, long times, boolean active) {
    if (entry.bits() == 0) {
      return;
    }
    HostOffset table = entry.l2Table();
    if (entry.hasReservedBits()) {
      structure.corruption(
          times, () -> "L1 entry 0x" + Long.toHexString(entry.bits()) + " has reserved bits set");
    }
    refer("L2 table", table, geometry.clusterSize(), times);
    if (!geometry.isAligned(table)) {
      structure.corruption(times, () -> "L2 table at " + table + " is not aligned");
    }
    if (active && !table.isNowhere()) {
      checkCopied("L2 table", table, entry.isCopied(), times);
    }
    if (isToBeRead(table)) {
      l2Tables.add(table, times, active);
      if (l2Tables.isFull()) {
        l2Tables.drain(this::walkL2);
      }
    }
  }

  private boolean isToBeRead(HostOffset table) {
    return table.bytes() < file.length()
        && (geometry.isAligned(table) || misalignedTables++ < MAX_MISALIGNED_TABLES);
  }

  private void walkL2(HostOffset start, long times, long active) {
    // That of what is at offset 0 can't be believed; nor can it where its own is out of reach.
    boolean checkCopied = !start.isNowhere() && isReadable(start);
    HostOffset expected = HostOffset.NOWHERE;
    l2Table.read(start);
    for (int i = 0; i < l2Table.size(); i++) {
      L2Entry entry = l2Table.entry(i);
      if (entry.isCompressed()) {
        walkCompressed(entry, times, active);
        continue;
      }
      if (entry.hasReservedBits()) {
        structure.corruption(times, () -> describe(entry) + " has reserved bits set");
      }
      if (!entry.hasValidSubclusters()) {
        structure.corruption(times, () -> describe(entry) + " has subclusters that can't be");
      }
      if (entry.host().isNowhere()) {
        continue;
      }
      walkStandard(entry, times);
      if (active > 0) {
        usage.addStandard(entry.host(), expected, active);
        expected = entry.host().plus(geometry.clusterSize());
        if (checkCopied) {
          checkCopied("cluster", entry.host(), entry.isCopied(), active);
        }
      }
    }
  }

  private void walkStandard(L2Entry entry, long times) {
    if (!geometry.isAligned(entry.host())) {
      structure.corruption(times, () -> "cluster at " + entry.host() + " is not aligned");
    }
    refer("cluster", entry.host(), geometry.clusterSize(), times);
  }

  private void walkCompressed(L2Entry entry, long times, long active) {
    if (entry.isCopied()) {
      structure.corruption(times, () -> describe(entry) + " is compressed and marked as copied");
    }
    if (entry.subclusters() != 0) {
      structure.corruption(times, () -> describe(entry) + " is compressed and has subclusters");
      return;
    }
    ClusterDescriptor.Compressed cluster = entry.compressed(geometry);
    refer("compressed cluster", cluster.host(), cluster.maxSize(), times);
    if (active > 0) {
      usage.addCompressed(active);
    }
  }

  private static String describe(L2Entry entry) {
    return "L2 entry 0x" + Long.toHexString(entry.bits());
  }

  // Bitmaps.

  private void walkBitmaps() {
    if (header.bitmaps().isEmpty()) {
      return;
    }
    BitmapsExtension extension = header.bitmaps().get();
    refer("bitmap directory", extension.directory(), extension.directorySize(), 1);
    TableUnion tables = new TableUnion("bitmap table");
    for (BitmapDirectoryEntry bitmap : image.bitmaps().entries()) {
      tables.add(bitmap.table(), bitmap.tableBytes());
    }
    tables.refer();
    tables.contents.forEach(
        (start, end, times) ->
            forEachEntry(start, end, bits -> walkBitmapEntry(new BitmapTableEntry(bits), times)));
  }

  private void walkBitmapEntry(BitmapTableEntry entry, long times) {
    if (entry.hasReservedBits() || !geometry.isAligned(entry.data())) {
      structure.corruption(
          times, () -> "bitmap table entry 0x" + Long.toHexString(entry.bits()) + " can't be");
    }
    if (!entry.data().isNowhere()) {
      refer("bitmap data", entry.data(), geometry.clusterSize(), times);
    }
  }

  // Refcounts.

  /** Comes last: nothing else may refer to a refcount block. */
  private void walkRefcountBlocks() {
    for (int i = 0; i < stored.tableEntries(); i++) {
      RefcountTableEntry entry = stored.tableEntry(i);
      HostOffset block = entry.block();
      long cluster = geometry.clusterNumber(block);
      if (entry.hasReservedBits()) {
        structure.corruption(
            1,
            () ->
                "refcount table entry 0x"
                    + Long.toHexString(entry.bits())
                    + " has reserved bits set");
      } else if (!geometry.isAligned(block)) {
        structure.corruption(1, () -> "refcount block at " + block + " is not aligned");
      } else if (cluster >= image.clusters()) {
        structure.corruption(1, () -> "refcount block at " + block + " is not inside the file");
      } else if (!block.isNowhere()) {
        refer("refcount block", block, geometry.clusterSize(), 1);
        if (counts.covers(cluster) && counts.get(cluster) != 1) {
          findings.corruption(1, () -> "refcount block at " + block + " is in use for more");
        }
      }
    }
  }

  private boolean isReadable(HostOffset host) {
    return stored.isReadable(geometry.clusterNumber(host));
  }

  /** Checks the flag that says that a refcount is 1, by the refcount that is stored. */
  private void checkCopied(String what, HostOffset host, boolean copied, long times) {
    if (isReadable(host) && (stored.get(geometry.clusterNumber(host)) == 1) != copied) {
      structure.corruption(
          times,
          () ->
              what
                  + " at "
                  + host
                  + (copied
                      ? " is marked as copied but its refcount is not 1"
                      : " is not marked as copied but its refcount is 1"));
    }
  }

  // References.

  /** Counts a reference to each cluster that something touches. */
  private void refer(String what, HostOffset start, long size, long times) {
    if (size > 0 && isInside(what, start, size, times)) {
      count(start.bytes(), start.bytes() + size, times);
    }
  }

  private void count(long start, long end, long times) {
    long last = (end - 1) >>> geometry.clusterBits();
    for (long cluster = start >>> geometry.clusterBits(); cluster <= last; cluster++) {
      long lost = counts.add(cluster, times);
      if (lost > 0) {
        HostOffset at = geometry.clusterOffset(cluster);
        findings.corruption(
            lost, () -> "cluster at " + at + " has more references than a refcount can say");
      }
    }
  }

  /** Checks where something lies: all but less than a cluster of it has to be inside the file. */
  private boolean isInside(String what, HostOffset start, long size, long times) {
    long most = file.length() + geometry.clusterSize() - 1;
    boolean inside = start.bytes() >= 0 && size <= most && start.bytes() <= most - size;
    if (!inside) {
      structure.corruption(
          times, () -> what + " at " + start + " of " + size + " bytes is not inside the file");
    }
    return inside;
  }

  /** Visits the 64-bit entries of a part of a table; those beyond the end of the file are zero. */
  private void forEachEntry(long start, long end, LongConsumer visitor) {
    for (long at = start; at < Math.min(end, file.length()); at += STEP) {
      ByteBuffer part = file.read(new HostOffset(at), (int) Math.min(STEP, end - at));
      while (part.hasRemaining()) {
        visitor.accept(part.getLong());
      }
    }
  }

  /** Tables of one kind, which may overlap in a hostile image. */
  private final class TableUnion {

    private final String what;
    private final OverlappingRanges clusters = new OverlappingRanges();
    private final OverlappingRanges contents = new OverlappingRanges();

    TableUnion(String what) {
      this.what = what;
    }

    /** Adds a table that starts with a cluster. */
    void add(HostOffset start, long size) {
      if (size == 0) {
        return;
      }
      long clusterBytes = geometry.clusters(size) << geometry.clusterBits();
      if (isInside(what, start, size, 1)) {
        clusters.add(start.bytes(), start.bytes() + clusterBytes);
      }
      if (start.bytes() >= 0 && start.bytes() < file.length()) {
        contents.add(start.bytes(), start.bytes() + size);
      }
    }

    /** Counts the references to the tables themselves. */
    void refer() {
      clusters.forEach(ReferenceWalk.this::count);
    }
  }
}
