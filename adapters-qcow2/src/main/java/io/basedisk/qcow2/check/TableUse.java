package io.basedisk.qcow2.check;

import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.HostOffset;

/**
 * Which host clusters of one stretch of the file are in use for anything but an L2 table: as long
 * as one is not, an entry of the table in it can be changed, and nothing else changes.
 */
final class TableUse {

  /** One bit is enough. */
  private static final int ORDER = 0;

  private final ReferenceCounts others;

  /** Knows nothing yet of the clusters of {@code stretch}. */
  TableUse(ReferenceCounts stretch) {
    this.others = new ReferenceCounts(ORDER, stretch.first(), stretch.end());
  }

  /** Notes that a cluster is in use for something that is no L2 table. */
  void addOther(long cluster) {
    others.add(cluster, 1);
  }

  /** Returns whether a cluster of the stretch is in use as an L2 table, or not at all. */
  boolean isTableOnly(HostOffset start, ClusterGeometry geometry) {
    long cluster = geometry.clusterNumber(start);
    return geometry.isAligned(start) && others.covers(cluster) && others.get(cluster) == 0;
  }
}
