package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileStatus;
import java.nio.file.Path;

/**
 * A file as it was found under its real path. Nothing holds it: whoever may rename files there can
 * put another one in its place before it is opened.
 */
record PortablePinnedFile(Path realPath, FileStatus status) implements PinnedFile {

  @Override
  public Path openable() {
    return realPath;
  }

  @Override
  public void close() {}
}
