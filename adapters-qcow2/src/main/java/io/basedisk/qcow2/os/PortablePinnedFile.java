package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileStatus;
import java.nio.file.Path;

/**
 * A real path and its status. The file is not held: a user who may rename files there can swap it
 * before it is opened.
 */
record PortablePinnedFile(Path realPath, FileStatus status) implements PinnedFile {

  @Override
  public Path openable() {
    return realPath;
  }

  @Override
  public void close() {}
}
