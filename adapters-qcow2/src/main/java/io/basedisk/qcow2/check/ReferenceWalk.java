package io.basedisk.qcow2.check;

import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.format.BitmapDirectoryEntry;
import io.basedisk.qcow2.format.BitmapTableEntry;
import io.basedisk.qcow2.format.BitmapsExtension;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.L1Entry;
import io.basedisk.qcow2.format.RefcountTableEntry;
import io.basedisk.qcow2.format.SnapshotTableEntry;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A walk through all tables of an image. It counts the references to one stretch of the file, and
 * finds invalid entries.
 *
 * <p>After an invalid entry, the walk continues wherever it can. Otherwise clusters that a damaged
 * image still uses would look leaked.
 */
final class ReferenceWalk {

  private static final int STEP = 64 << 10;

  private final CheckedImage image;
  private final ImageFile file;
  private final Header header;
  private final ClusterGeometry geometry;
  private final ReferenceCounts counts;
  private final CheckFindings ofCounts;
  private final CheckFindings ofStructure;
  private final References references;
  private final GuestClusters guestClusters;

  /**
   * Prepares a walk.
   *
   * @param counts receives the references
   * @param tableUse receives the clusters that hold anything but an L2 table; may be null
   * @param ofCounts receives findings about the counts of this stretch
   * @param ofStructure receives findings about the structure, which every walk finds again
   */
  ReferenceWalk(
      CheckedImage image,
      ReferenceCounts counts,
      @Nullable TableUse tableUse,
      CheckFindings ofCounts,
      CheckFindings ofStructure) {
    this(image, counts, tableUse, ofCounts, ofStructure, Progress.NONE);
  }

  /**
   * Prepares a walk.
   *
   * @param progress receives the number of L2 tables read
   */
  ReferenceWalk(
      CheckedImage image,
      ReferenceCounts counts,
      @Nullable TableUse tableUse,
      CheckFindings ofCounts,
      CheckFindings ofStructure,
      Progress progress) {
    this.image = image;
    this.file = image.file();
    this.header = image.header();
    this.geometry = header.geometry();
    this.counts = counts;
    this.ofCounts = ofCounts;
    this.ofStructure = ofStructure;
    this.references = new References(image, counts, tableUse, ofCounts, ofStructure);
    this.guestClusters = new GuestClusters(image, references, ofStructure, progress);
  }

  /** Walks through the whole image, and returns the cluster usage of the active disk. */
  ClusterUsage walk() {
    ClusterUsage usage = walkAllButRefcounts();
    walkRefcounts();
    return usage;
  }

  /** Walks through the whole image except for the refcount table and blocks. */
  ClusterUsage walkAllButRefcounts() {
    references.add("header", HostOffset.NOWHERE, 1);
    walkActiveDisk();
    walkSnapshots();
    ClusterUsage usage = guestClusters.finish();
    walkBitmaps();
    return usage;
  }

  private void walkActiveDisk() {
    references.add("L1 table", header.l1Table(), header.l1Bytes(), 1);
    long start = header.l1Table().bytes();
    walkL1(start, start + header.l1Bytes(), 1, true);
  }

  private void walkSnapshots() {
    references.add("snapshot table", header.snapshotTable(), image.snapshots().size(), 1);
    References.Tables l1Tables = references.tables("L1 table of a snapshot");
    for (SnapshotTableEntry snapshot : image.snapshots().entries()) {
      if (header.version() > 2 && !snapshot.isComplete()) {
        ofStructure.corruption(1, () -> "a snapshot lacks extra data that version 3 demands");
      }
      if (!geometry.isAligned(snapshot.l1Table())) {
        ofStructure.corruption(1, () -> "L1 table at " + snapshot.l1Table() + " is not aligned");
      } else if (snapshot.l1Bytes() > Header.MAX_L1_BYTES) {
        ofStructure.corruption(1, () -> "L1 table at " + snapshot.l1Table() + " is too large");
      } else {
        l1Tables.add(snapshot.l1Table(), snapshot.l1Bytes());
      }
    }
    l1Tables.forEachPart((start, end, times) -> walkL1(start, end, times, false));
  }

  private void walkL1(long start, long end, long times, boolean active) {
    forEachEntry(start, end, bits -> guestClusters.addL1Entry(new L1Entry(bits), times, active));
  }

  private void walkBitmaps() {
    if (header.bitmaps().isEmpty()) {
      return;
    }
    BitmapsExtension extension = header.bitmaps().get();
    references.add("bitmap directory", extension.directory(), extension.directorySize(), 1);
    References.Tables tables = references.tables("bitmap table");
    for (BitmapDirectoryEntry bitmap : image.bitmaps().entries()) {
      tables.add(bitmap.table(), bitmap.tableBytes());
    }
    tables.forEachPart(
        (start, end, times) ->
            forEachEntry(start, end, bits -> addBitmapData(new BitmapTableEntry(bits), times)));
  }

  private void addBitmapData(BitmapTableEntry entry, long times) {
    if (entry.hasReservedBits() || !geometry.isAligned(entry.data())) {
      ofStructure.corruption(
          times, () -> "bitmap table entry 0x" + Long.toHexString(entry.bits()) + " is invalid");
    }
    if (!entry.data().isNowhere()) {
      references.add("bitmap data", entry.data(), times);
    }
  }

  /** Call last: only then do the counts show whether a refcount block has another use as well. */
  private void walkRefcounts() {
    long bytes = (long) header.refcountTableClusters() << geometry.clusterBits();
    references.add("refcount table", header.refcountTable(), bytes, 1);
    for (int i = 0; i < image.refcounts().tableEntries(); i++) {
      addRefcountBlock(image.refcounts().tableEntry(i));
    }
  }

  private void addRefcountBlock(RefcountTableEntry entry) {
    HostOffset block = entry.block();
    long cluster = geometry.clusterNumber(block);
    if (entry.hasReservedBits()) {
      ofStructure.badRefcountBlock(
          () -> "refcount table entry 0x" + Long.toHexString(entry.bits()) + " has reserved bits");
    } else if (!geometry.isAligned(block)) {
      ofStructure.badRefcountBlock(() -> "refcount block at " + block + " is not aligned");
    } else if (cluster >= image.clusters()) {
      ofStructure.badRefcountBlock(() -> "refcount block at " + block + " is not inside the file");
    } else if (!block.isNowhere()) {
      references.add("refcount block", block, 1);
      if (counts.covers(cluster) && counts.get(cluster) != 1) {
        ofCounts.badRefcountBlock(() -> "refcount block at " + block + " has another use as well");
      }
    }
  }

  /** Visits the 64-bit entries of a part of a table, up to the end of the file. */
  private void forEachEntry(long start, long end, LongConsumer visitor) {
    for (long at = start; at < Math.min(end, file.length()); at += STEP) {
      ByteBuffer part = file.read(new HostOffset(at), (int) Math.min(STEP, end - at));
      while (part.hasRemaining()) {
        visitor.accept(part.getLong());
      }
    }
  }
}
