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

/**
 * The digests of bases' files, each read once, however often one examination asks. Not safe for
 * many threads.
 */
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
   * Returns the digest of a base's file: the canonical one of a qcow2 file, and the SHA-256 of all
   * bytes of a raw one. Empty if the file was changed while it was read.
   *
   * @param status what the file was before
   */
  Optional<String> of(BaseDisk base, FileStatus status, Progress progress) {
    String digest = known.get(status);
    if (digest == null) {
      Path file = base.diskInfo().basePath();
      digest =
          base.diskInfo().format() == ImageFormat.QCOW2
              ? images.digest(file, progress)
              : files.digest(file);
      if (!files.status(file).equals(Optional.of(status))) {
        return Optional.empty();
      }
      known.put(status, digest);
    }
    return Optional.of(digest);
  }
}
