package io.basedisk.qcow2.operation;

import static com.google.common.math.LongMath.divide;
import static java.math.RoundingMode.CEILING;

import io.basedisk.qcow2.format.ClusterGeometry;

/**
 * Size of an image in which every guest cluster has a host cluster. As in QEMU, the L1 table takes
 * whole clusters.
 *
 * @param metadataBytes size of the header, tables and refcounts, in bytes
 * @param dataBytes size of the guest clusters, in bytes
 */
record FullImage(long metadataBytes, long dataBytes) {

  static FullImage of(ClusterGeometry geometry, long virtualSize) {
    long data = geometry.clusters(virtualSize);
    long l2Tables = geometry.l1Entries(virtualSize);
    long tables = 1 + geometry.clusters(l2Tables * Long.BYTES) + l2Tables;
    long metadata = tables + refcountClusters(geometry, tables + data);
    return new FullImage(metadata << geometry.clusterBits(), data << geometry.clusterBits());
  }

  /**
   * {@return the number of clusters that hold the 16-bit refcounts of {@code clusters} other
   * clusters and of themselves: blocks and table}
   */
  static long refcountClusters(ClusterGeometry geometry, long clusters) {
    long blockEntries = geometry.clusterSize() / Short.BYTES;
    long last;
    long needed = 0;
    do {
      last = needed;
      long blocks = divide(clusters + last, blockEntries, CEILING);
      needed = blocks + geometry.clusters(blocks * Long.BYTES);
    } while (needed != last);
    return needed;
  }
}
