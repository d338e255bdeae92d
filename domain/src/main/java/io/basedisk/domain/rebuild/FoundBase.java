package io.basedisk.domain.rebuild;

import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file in the bases directory that can be recorded.
 *
 * @param id the base
 * @param file its file
 * @param status the file's status
 * @param format the file's format
 * @param virtualSize the bytes that a guest sees
 * @param description the file's description of itself; null if it has none, or describes another
 *     base
 * @param below its backing chain
 */
record FoundBase(
    BaseDiskId id,
    Path file,
    FileStatus status,
    ImageFormat format,
    long virtualSize,
    @Nullable BaseDescription description,
    ChainToBases below) {

  /**
   * {@return the same base, without its description if that names another home than {@code home}}
   */
  FoundBase of(HomeId home) {
    return description == null || description.home().equals(home)
        ? this
        : new FoundBase(id, file, status, format, virtualSize, null, below);
  }
}
