package io.basedisk.domain.doctor;

import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Progress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.inject.Inject;

/** Computes digests of bases' files, and caches them for one examination. Not thread-safe. */
final class Digests {

  private final DiskFiles files;
  private final DiskImages images;
  private final Map<FileStatus, String> known = new HashMap<>();

  @Inject
  Digests(DiskFiles files, DiskImages images) {
    this.files = files;
    this.images = images;
  }

  /**
   * {@return the digest of a base's file: canonical for qcow2, SHA-256 of all bytes for raw} Empty
   * if the file changed while it was read.
   *
   * @param status the file's status from before
   */
  Optional<String> of(BaseDisk base, FileStatus status, Progress progress) {
    String digest = known.get(status);
    if (digest == null) {
      Path file = base.diskInfo().basePath();
      digest =
          base.diskInfo().format() == ImageFormat.QCOW2
              ? images.digest(file, progress)
              : files.sha256(file, progress);
      if (!files.status(file).equals(Optional.of(status))) {
        return Optional.empty();
      }
      known.put(status, digest);
    }
    return Optional.of(digest);
  }
}
