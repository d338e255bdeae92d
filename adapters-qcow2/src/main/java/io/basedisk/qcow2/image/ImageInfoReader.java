package io.basedisk.qcow2.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.image.BitmapInfo;
import io.basedisk.domain.image.ContentObstacles;
import io.basedisk.domain.image.ContentObstacles.Encryption;
import io.basedisk.domain.image.ImageInfo;
import io.basedisk.domain.image.InternalSnapshotInfo;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.qcow2.format.BitmapDirectoryEntry;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.EncryptionHeaderExtension;
import io.basedisk.qcow2.format.ExternalDataFileExtension;
import io.basedisk.qcow2.format.Feature;
import io.basedisk.qcow2.format.FeatureBits;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.LuksHeader;
import io.basedisk.qcow2.format.SnapshotTableEntry;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

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
    ImageFile open = ImageFile.openToRead(file);
    try (ImageMetadata image = ImageMetadata.describe(open)) {
      return read(open, image);
    }
  }

  /** Reads a file that is open, and leaves it open. */
  static ImageInfo read(ImageFile file) {
    return read(file, ImageMetadata.describe(file));
  }

  private static ImageInfo read(ImageFile file, ImageMetadata image) {
    Header header = image.header();
    return new ImageInfo(
        file.path(),
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
            .collect(ImmutableList.toImmutableList()),
        obstacles(file, header));
  }

  private static ContentObstacles obstacles(ImageFile file, Header header) {
    FeatureBits features = header.features();
    boolean external = features.has(Feature.EXTERNAL_DATA_FILE);
    return new ContentObstacles(
        encryption(file, header),
        external
            ? header
                .extensions()
                .find(ExternalDataFileExtension.class)
                .map(ExternalDataFileExtension::name)
                .orElse("")
            : null,
        external && features.has(Feature.RAW_EXTERNAL_DATA),
        header.unknownFeatures());
  }

  private static @Nullable Encryption encryption(ImageFile file, Header header) {
    int method = file.read(Header.ENCRYPTION_METHOD_FIELD, Integer.BYTES).getInt();
    return switch (method) {
      case 0 -> null;
      case 1 -> new Encryption("aes", null);
      case 2 ->
          new Encryption(
              "luks",
              header
                  .extensions()
                  .find(EncryptionHeaderExtension.class)
                  .flatMap(extension -> LuksHeader.read(file, extension))
                  .orElse(null));
      default -> new Encryption(Integer.toUnsignedString(method), null);
    };
  }

  /** {@return the space that a file occupies, by its path} */
  static long allocatedBytes(ImageFile file) {
    try {
      return OperatingSystem.current()
          .status(file.path().toRealPath())
          .map(FileStatus::allocatedBytes)
          .orElse(0L);
    } catch (IOException e) {
      throw ImageFailure.of(file.path(), e);
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
