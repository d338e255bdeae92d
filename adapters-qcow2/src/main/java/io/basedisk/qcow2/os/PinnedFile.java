package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileStatus;
import java.nio.file.Path;

/**
 * A file held independently of its path, so that a check of it also holds for the file that is
 * opened later. A second close has no effect.
 */
public interface PinnedFile extends HeldFile {

  /** {@return the file's real path when it was pinned} */
  Path realPath();

  /** {@return the file's status when it was pinned} */
  FileStatus status();
}
