package io.basedisk.qcow2.write;

import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.HostOffset;

/**
 * Where compressed data goes: piece behind piece, across the border of two host clusters where
 * these follow one another. A host cluster's refcount is the number of pieces that have a part of
 * it.
 *
 * <p>Specification: "Compressed Clusters Descriptor".
 */
final class CompressedSpace {

  private final ClusterGeometry geometry;
  private final HostClusters clusters;

  /** The end of the last piece; nowhere if the next one is to begin with a cluster. */
  private HostOffset end = HostOffset.NOWHERE;

  CompressedSpace(ClusterGeometry geometry, HostClusters clusters) {
    this.geometry = geometry;
    this.clusters = clusters;
  }

  /**
   * Returns where a piece goes.
   *
   * @param size its bytes, less than a cluster
   */
  HostOffset place(int size) {
    HostOffset start = isContinued(size) ? end : HostOffset.NOWHERE;
    if (start.isNowhere()) {
      start = clusters.allocate(1);
    } else if (size > left()) {
      clusters.allocate(1);
    }
    end = start.plus(size);
    if (geometry.isAligned(end)) {
      end = HostOffset.NOWHERE;
    }
    return start;
  }

  /** Returns whether a piece can begin where the last one ended; if so, that is counted. */
  private boolean isContinued(int size) {
    if (end.isNowhere()) {
      return false;
    }
    boolean last = geometry.clusterNumber(end) == clusters.count() - 1;
    return (last || size <= left()) && clusters.addReference(end);
  }

  private long left() {
    return geometry.clusterSize() - (end.bytes() & (geometry.clusterSize() - 1));
  }

  /** Lets the next piece begin with a cluster: the refcount of the last one is settled. */
  void close() {
    end = HostOffset.NOWHERE;
  }
}
