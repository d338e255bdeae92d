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
 * An image outside the home that is to become a foreign base, as it was when it was looked at.
 *
 * @param file its real path
 * @param virtualSize the bytes that a guest sees
 */
public record ForeignImage(Path file, ImageFormat format, long virtualSize, FileStatus status) {

  /** Returns the image in a file, whose header is read for its size unless it is raw. */
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

  /** Returns its record as a base. */
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

  /** Returns what tells later that its file was changed. */
  public BaseFingerprint fingerprint() {
    return new BaseFingerprint(status.modifiedAt(), null);
  }
}
