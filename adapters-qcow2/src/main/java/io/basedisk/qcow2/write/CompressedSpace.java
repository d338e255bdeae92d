package io.basedisk.qcow2.write;

import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.HostOffset;

/**
 * Allocator for compressed data. It packs pieces without gaps, also across two adjacent host
 * clusters. A host cluster's refcount is the number of pieces that it holds a part of.
 *
 * <p>Specification: "Cluster mapping", "Compressed Clusters Descriptor".
 */
final class CompressedSpace {

  private final ClusterGeometry geometry;
  private final HostClusters clusters;

  /** End of the last piece; nowhere if the next piece begins a new cluster. */
  private HostOffset end = HostOffset.NOWHERE;

  CompressedSpace(ClusterGeometry geometry, HostClusters clusters) {
    this.geometry = geometry;
    this.clusters = clusters;
  }

  /**
   * Allocates space for a piece, and returns its offset.
   *
   * @param size size of the piece in bytes, less than a cluster
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

  /**
   * {@return whether a piece can begin right after the last one} If so, adds a reference to that
   * cluster.
   */
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

  /** Makes the next piece begin a new cluster, so that the refcount of the last one is final. */
  void close() {
    end = HostOffset.NOWHERE;
  }
}
