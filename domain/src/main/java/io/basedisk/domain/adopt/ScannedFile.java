package io.basedisk.domain.adopt;

import com.google.common.base.Preconditions;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.port.DiskImages;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A regular file, and its header if it is a qcow2 image.
 *
 * @param path real path of the file
 * @param status status of the file
 * @param header header of the image; null if the file is no readable qcow2 image
 * @param fault why the header can't be read; null if it was read
 */
record ScannedFile(
    Path path, FileStatus status, @Nullable ImageHeader header, @Nullable Fault fault) {

  static ScannedFile of(Path path, FileStatus status, DiskImages images) {
    try {
      return new ScannedFile(path, status, images.readHeader(path), null);
    } catch (BaseDiskException unreadable) {
      return new ScannedFile(path, status, null, Fault.of(path, unreadable));
    }
  }

  Path directory() {
    return Preconditions.checkNotNull(path.getParent());
  }
}
