package io.basedisk.qcow2.operation;

import static com.google.common.math.LongMath.divide;
import static java.math.RoundingMode.CEILING;

import io.basedisk.qcow2.format.ClusterGeometry;

/**
 * What an image takes in which every guest cluster has a host cluster: as QEMU reckons it, with
 * whole clusters of L1 table and whole L2 tables.
 *
 * @param metadataBytes header, tables and refcounts
 * @param dataBytes guest clusters
 */
record FullImage(long metadataBytes, long dataBytes) {

  static FullImage of(ClusterGeometry geometry, long virtualSize) {
    long data = geometry.clusters(virtualSize);
    long l2Tables = geometry.l1Entries(virtualSize);
    long tables = 1 + geometry.clusters(l2Tables * Long.BYTES) + l2Tables;
    long metadata = tables + refcountClusters(geometry, tables + data);
    return new FullImage(metadata << geometry.clusterBits(), data << geometry.clusterBits());
  }

  /** Returns the clusters of 16-bit refcounts for {@code clusters} and for themselves. */
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
