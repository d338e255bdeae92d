package io.basedisk.qcow2.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.image.BitmapInfo;
import io.basedisk.domain.image.ImageInfo;
import io.basedisk.domain.image.InternalSnapshotInfo;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.qcow2.format.BitmapDirectoryEntry;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.Feature;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.SnapshotTableEntry;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.nio.file.Path;

/** Reads the information about a qcow2 file for display. No other file is opened. */
public final class ImageInfoReader {

  private ImageInfoReader() {}

  /**
   * Reads a file.
   *
   * @param file path of the file
   * @return the information about the image
   * @throws io.basedisk.domain.error.NotFoundException if the file does not exist
   * @throws io.basedisk.domain.error.InvalidImageException if the file is not a valid qcow2 image
   * @throws io.basedisk.domain.error.StorageException if the file can't be read
   */
  public static ImageInfo read(Path file) {
    try (ImageMetadata image = ImageMetadata.openToShow(file)) {
      Header header = image.header();
      return new ImageInfo(
          file,
          header.version(),
          ClusterGeometry.wholeSectorsIn(header.virtualSize()),
          allocatedBytes(file),
          header.geometry().clusterSize(),
          header.compression(),
          header.features().has(Feature.LAZY_REFCOUNTS),
          header.refcountBits(),
          header.features().has(Feature.CORRUPT),
          header.features().has(Feature.DIRTY),
          header.geometry().extendedL2(),
          header.backing().orElse(null),
          image.bitmaps().stream()
              .map(ImageInfoReader::describe)
              .collect(ImmutableList.toImmutableList()),
          image.snapshots().stream()
              .map(ImageInfoReader::describe)
              .collect(ImmutableList.toImmutableList()));
    }
  }

  private static long allocatedBytes(Path file) {
    try {
      return OperatingSystem.current()
          .status(file.toRealPath())
          .map(FileStatus::allocatedBytes)
          .orElse(0L);
    } catch (IOException e) {
      throw ImageFailure.of(file, e);
    }
  }

  private static BitmapInfo describe(BitmapDirectoryEntry bitmap) {
    return new BitmapInfo(
        bitmap.name(), 1L << bitmap.granularityBits(), bitmap.inUse(), bitmap.auto());
  }

  private static InternalSnapshotInfo describe(SnapshotTableEntry snapshot) {
    return new InternalSnapshotInfo(
        snapshot.id(),
        snapshot.name(),
        snapshot.dateSeconds(),
        snapshot.dateNanoseconds(),
        snapshot.vmClockNanoseconds(),
        snapshot.vmStateSize(),
        snapshot.virtualSize(),
        snapshot.instructionCount());
  }
}
