package io.basedisk.qcow2.operation;

import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.Measurement;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.qcow2.format.BitmapDirectoryEntry;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.image.DiskExtent;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.ImageMetadata;
import io.basedisk.qcow2.operation.AlignedRuns.Kind;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/** Computes the size of a new image of a disk; see {@link Measurement}. */
public final class ImageMeasurement {

  private ImageMeasurement() {}

  /**
   * Measures a raw image of a disk.
   *
   * @param disk the disk, which is not read
   * @return the size of the image
   */
  public static Measurement ofRaw(DiskImage disk) {
    long size = disk.virtualSize();
    return new Measurement(size, size, OptionalLong.empty());
  }

  /**
   * Measures a qcow2 image of a disk, of version 3 and with 16-bit refcounts.
   *
   * @param disk the disk; only its tables are read
   * @param clusterSize cluster size in bytes: a power of two from 512 to 2 MiB
   * @return upper bounds of the size of the image
   * @throws io.basedisk.domain.error.InvalidImageException if the disk can't be read
   * @throws io.basedisk.domain.error.StorageException if one of its files can't be read
   * @throws InterruptedOperationException if the thread is interrupted; its interrupt stays pending
   */
  public static Measurement ofQcow2(DiskImage disk, int clusterSize) {
    ClusterGeometry geometry =
        new ClusterGeometry(Integer.numberOfTrailingZeros(clusterSize), false);
    FullImage full = FullImage.of(geometry, disk.virtualSize());
    return new Measurement(
        full.metadataBytes() + dataBytes(disk, clusterSize),
        full.metadataBytes() + full.dataBytes(),
        bitmapBytes(disk, geometry));
  }

  /** {@return the size in bytes of all clusters that are not known to be zeros} */
  private static long dataBytes(DiskImage disk, int clusterSize) {
    long[] bytes = {0};
    AlignedRuns runs =
        new AlignedRuns(
            clusterSize,
            (kind, start, end) -> {
              if (kind == Kind.DATA) {
                bytes[0] += (end - start + clusterSize - 1) / clusterSize * clusterSize;
              }
            });
    for (Iterator<DiskExtent> i = disk.extents(); i.hasNext(); ) {
      InterruptedOperationException.throwIfInterrupted(
          () -> disk.layers().get(0).path() + ": the measurement was interrupted");
      DiskExtent extent = i.next();
      runs.add(extent.isZero() ? Kind.ZEROS : Kind.DATA, extent.end());
    }
    runs.finish();
    return bytes[0];
  }

  private static OptionalLong bitmapBytes(DiskImage disk, ClusterGeometry geometry) {
    LayerFile top = disk.layers().get(0);
    if (top.format() == ImageFormat.RAW) {
      return OptionalLong.empty();
    }
    try (ImageMetadata metadata = ImageMetadata.open(top.path())) {
      return metadata.header().version() < 3
          ? OptionalLong.empty()
          : OptionalLong.of(bitmapBytes(metadata.bitmaps(), disk.virtualSize(), geometry));
    }
  }

  /** {@return the largest size in bytes of the bitmaps, with their tables and directory} */
  private static long bitmapBytes(
      List<BitmapDirectoryEntry> bitmaps, long virtualSize, ClusterGeometry geometry) {
    long clusters = 0;
    long directoryBytes = 0;
    for (BitmapDirectoryEntry bitmap : bitmaps) {
      if (!bitmap.inUse()) {
        long bitmapClusters = bitmap.dataClusters(geometry, virtualSize);
        clusters += bitmapClusters + geometry.clusters(bitmapClusters * Long.BYTES);
        directoryBytes += bitmap.encodedSize();
      }
    }
    return (clusters + geometry.clusters(directoryBytes)) << geometry.clusterBits();
  }
}
