package io.basedisk.domain.rebuild;

import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeId;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file in the bases directory that can be recorded.
 *
 * @param description what it says of itself; null where that is nothing, or about another base
 */
record FoundBase(
    BaseDiskId id,
    Path file,
    FileStatus status,
    long virtualSize,
    @Nullable BaseDescription description,
    Descent below) {

  /** Returns the same base, whose description counts only if it is of the home {@code id}. */
  FoundBase of(HomeId home) {
    return description == null || description.home().equals(home)
        ? this
        : new FoundBase(id, file, status, virtualSize, null, below);
  }
}
