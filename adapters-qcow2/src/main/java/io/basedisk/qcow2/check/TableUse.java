package io.basedisk.qcow2.check;

import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.HostOffset;

/**
 * The host clusters of one stretch of the file that hold anything but an L2 table. In all other
 * clusters, a repair can change an L2 entry without a change to anything else.
 */
final class TableUse {

  /** One bit for each cluster: in use or not. */
  private static final int ORDER = 0;

  private final ReferenceCounts others;

  /** Starts with no use known of the clusters of {@code stretch}. */
  TableUse(ReferenceCounts stretch) {
    this.others = new ReferenceCounts(ORDER, stretch.first(), stretch.end());
  }

  /** Records that a cluster holds something other than an L2 table. */
  void addOther(long cluster) {
    others.add(cluster, 1);
  }

  /** {@return whether a cluster of the stretch holds nothing but an L2 table, or nothing} */
  boolean isTableOnly(HostOffset start, ClusterGeometry geometry) {
    long cluster = geometry.clusterNumber(start);
    return geometry.isAligned(start) && others.covers(cluster) && others.get(cluster) == 0;
  }
}
