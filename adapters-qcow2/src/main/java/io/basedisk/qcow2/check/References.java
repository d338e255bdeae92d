package io.basedisk.qcow2.check;

import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.HostOffset;
import org.jspecify.annotations.Nullable;

/**
 * Receives the references that a walk finds. It checks that each leads into the file, and counts
 * one for each cluster that the referenced range touches.
 */
final class References {

  private final ClusterGeometry geometry;
  private final long fileLength;
  private final ReferenceCounts counts;
  private final @Nullable TableUse tableUse;
  private final CheckFindings ofCounts;
  private final CheckFindings ofStructure;

  /**
   * Prepares an empty count.
   *
   * @param tableUse receives the clusters that hold anything but an L2 table; may be null
   * @param ofCounts receives findings about counts
   * @param ofStructure receives references that lead out of the file
   */
  References(
      CheckedImage image,
      ReferenceCounts counts,
      @Nullable TableUse tableUse,
      CheckFindings ofCounts,
      CheckFindings ofStructure) {
    this.geometry = image.header().geometry();
    // As in QEMU, a file's length is rounded up to a whole sector.
    long sectors = (image.file().length() - 1) / ClusterGeometry.SECTOR_SIZE + 1;
    this.fileLength = sectors * ClusterGeometry.SECTOR_SIZE;
    this.counts = counts;
    this.tableUse = tableUse;
    this.ofCounts = ofCounts;
    this.ofStructure = ofStructure;
  }

  /** Adds {@code times} references to one cluster. */
  void add(String what, HostOffset start, long times) {
    add(what, start, geometry.clusterSize(), times);
  }

  /** Adds {@code times} references to an L2 table. */
  void addL2Table(HostOffset start, long times) {
    String what = "L2 table";
    if (!geometry.isAligned(start)) {
      add(what, start, times);
    } else if (isInside(what, start, geometry.clusterSize(), times)) {
      count(geometry.clusterNumber(start), times);
    }
  }

  /** Adds {@code times} references to {@code size} bytes. */
  void add(String what, HostOffset start, long size, long times) {
    if (size > 0 && isInside(what, start, size, times)) {
      count(start.bytes(), start.bytes() + size, times);
    }
  }

  /** {@return a collector for tables of one kind, which may overlap} */
  Tables tables(String what) {
    return new Tables(what);
  }

  /** Checks a range: it may reach less than a cluster beyond the end of the file. */
  private boolean isInside(String what, HostOffset start, long size, long times) {
    long end = fileLength + geometry.clusterSize() - 1;
    boolean inside = start.bytes() >= 0 && size <= end && start.bytes() <= end - size;
    if (!inside) {
      ofStructure.corruption(
          times, () -> what + " at " + start + " of " + size + " bytes is not inside the file");
    }
    return inside;
  }

  private void count(long start, long end, long times) {
    long last = (end - 1) >>> geometry.clusterBits();
    for (long cluster = start >>> geometry.clusterBits(); cluster <= last; cluster++) {
      count(cluster, times);
      if (tableUse != null) {
        tableUse.addOther(cluster);
      }
    }
  }

  private void count(long cluster, long times) {
    long lost = counts.add(cluster, times);
    if (lost > 0) {
      HostOffset at = geometry.clusterOffset(cluster);
      ofCounts.corruption(
          lost, () -> "cluster at " + at + " has more references than a refcount can hold");
    }
  }

  /**
   * Tables of one kind. A hostile image can have thousands of tables of many megabytes at one
   * position. Therefore each part of the file is counted once, and read once, for all of them.
   */
  final class Tables {

    private final String what;
    private final OverlappingRanges clusters = new OverlappingRanges();
    private final OverlappingRanges contents = new OverlappingRanges();

    private Tables(String what) {
      this.what = what;
    }

    /** Adds a reference to a table that is aligned to a cluster. */
    void add(HostOffset start, long size) {
      if (size == 0) {
        return;
      }
      if (isInside(what, start, size, 1)) {
        long whole = geometry.clusters(size) << geometry.clusterBits();
        clusters.add(start.bytes(), start.bytes() + whole);
      }
      if (start.bytes() >= 0 && start.bytes() < fileLength) {
        contents.add(start.bytes(), start.bytes() + size);
      }
    }

    /** Counts the references, and visits the parts of the tables that begin inside the file. */
    void forEachPart(OverlappingRanges.Visitor visitor) {
      clusters.forEach(References.this::count);
      contents.forEach(visitor);
    }
  }
}
