package io.basedisk.qcow2.operation;

import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.operation.AlignedRuns.Kind;

/** Upper bound of the size of an overlay that merges the upper layers of a chain. */
public final class OverlayMeasurement {

  private static final int HEADER_CLUSTERS = 1;

  private final ClusterGeometry geometry;
  private long dataClusters;
  private long l2Tables;
  private long lastTable = -1;

  private OverlayMeasurement(ClusterGeometry geometry) {
    this.geometry = geometry;
  }

  /**
   * {@return the largest size in bytes that {@link Conversion#toOverlay} can write} Zeros in data
   * make the file smaller.
   *
   * @param disk the disk; only its tables are read
   * @param clusterSize cluster size of the overlay in bytes: a power of two from 512 to 2 MiB
   * @param kept number of the layer that becomes the backing file, counted from the top
   * @throws io.basedisk.domain.error.InvalidImageException if the disk can't be read
   * @throws io.basedisk.domain.error.StorageException if a file of it can't be read
   */
  public static long bytes(DiskImage disk, int clusterSize, int kept) {
    ClusterGeometry geometry =
        new ClusterGeometry(Integer.numberOfTrailingZeros(clusterSize), false);
    OverlayMeasurement measurement = new OverlayMeasurement(geometry);
    AlignedRuns runs = new AlignedRuns(clusterSize, measurement::add);
    LayersAbove.describe(disk, kept, runs);
    runs.finish();
    return measurement.bytes(disk.virtualSize());
  }

  private void add(Kind kind, long start, long end) {
    if (kind == Kind.KEPT) {
      return;
    }
    long clusters = geometry.clusters(end) - (start >> geometry.clusterBits());
    if (kind == Kind.DATA) {
      dataClusters += clusters;
    }
    long firstTable = start / bytesOfTable();
    long table = (end - 1) / bytesOfTable();
    l2Tables += table - Math.max(firstTable, lastTable + 1) + 1;
    lastTable = table;
  }

  /** {@return the number of guest bytes that one L2 table maps} */
  private long bytesOfTable() {
    return (long) geometry.clusterSize() / Long.BYTES * geometry.clusterSize();
  }

  private long bytes(long virtualSize) {
    long tables =
        HEADER_CLUSTERS
            + geometry.clusters(geometry.l1Entries(virtualSize) * Long.BYTES)
            + l2Tables;
    long refcounts = FullImage.refcountClusters(geometry, tables + dataClusters);
    return (tables + dataClusters + refcounts) << geometry.clusterBits();
  }
}
