package io.basedisk.domain.disk;

import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.DiskImages;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An image outside the home that can be recorded as a foreign base, as it was when it was
 * inspected.
 *
 * @param file real path
 * @param format format of the file
 * @param virtualSize virtual size in bytes
 * @param status status of the file
 */
public record ForeignImage(Path file, ImageFormat format, long virtualSize, FileStatus status) {

  /**
   * Inspects an image. Reads the header of a qcow2 image.
   *
   * @param file real path
   * @param format format of the file
   * @param status status of the file
   * @param images reads the header
   * @return the image
   */
  public static ForeignImage of(
      Path file, ImageFormat format, FileStatus status, DiskImages images) {
    return format == ImageFormat.RAW
        ? raw(file, status)
        : new ForeignImage(file, format, images.readHeader(file).virtualSize(), status);
  }

  private static ForeignImage raw(Path file, FileStatus status) {
    long sectors = (status.length() + ByteSize.SECTOR - 1) / ByteSize.SECTOR;
    return new ForeignImage(file, ImageFormat.RAW, sectors * ByteSize.SECTOR, status);
  }

  /**
   * {@return the image's record as a base}
   *
   * @param id id of the base
   * @param parent id of the nearest base below it; null for none
   * @param createdAt current time, in whole seconds
   */
  public BaseDisk toBase(BaseDiskId id, @Nullable BaseDiskId parent, Instant createdAt) {
    return new BaseDisk(
        id,
        BoxId.GLOBAL,
        null,
        BaseDiskKind.CLONE_BASE,
        new DiskInfo(file, format, true, virtualSize, status.length()),
        parent,
        createdAt);
  }

  /** {@return the fingerprint, which reveals a later change of the file} */
  public BaseFingerprint fingerprint() {
    return new BaseFingerprint(status.modifiedAt(), null);
  }
}
