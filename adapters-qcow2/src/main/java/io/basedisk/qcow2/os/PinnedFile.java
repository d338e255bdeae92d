package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileStatus;
import java.nio.file.Path;

/**
 * A file that is held by what it is, whatever becomes of its name: so that what is decided about it
 * holds for the very file that is then opened. To close it again has no effect.
 */
public interface PinnedFile extends HeldFile {

  /** Returns the real path that it had when it was pinned. */
  Path realPath();

  /** Returns what the file system says of it. */
  FileStatus status();
}
