package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileStatus;
import java.io.IOException;
import java.nio.file.Path;

/** A file held by a descriptor that can neither read nor change it. */
record LinuxPinnedFile(LinuxHeldFile file, Path realPath, FileStatus status) implements PinnedFile {

  @Override
  public Path openable() {
    return file.openable();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
