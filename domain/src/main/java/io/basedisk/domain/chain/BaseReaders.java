package io.basedisk.domain.chain;

import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Says whether the owner of a disk may read a base anyway, by owner, group and permission bits.
 * What a header names may be recorded only then: its owner could have written any base's name into
 * it, to have that base's content read by an operation. Safe for many threads.
 */
public final class BaseReaders {

  private static final int ROOT = 0;

  private final DiskFiles files;

  public BaseReaders(DiskFiles files) {
    this.files = files;
  }

  /** Returns whether the owner of {@code disk} is root, or may read the file of {@code base}. */
  public boolean ownerMayRead(Path disk, BaseDisk base) {
    Optional<FileStatus> status = files.status(disk);
    Optional<FileStatus> below = files.status(base.diskInfo().basePath());
    return status.isPresent()
        && (status.get().owner() == ROOT
            || (below.isPresent() && mayRead(status.get(), below.get())));
  }

  private static boolean mayRead(FileStatus disk, FileStatus base) {
    // A sealed base has an access list where its group's bits alone don't tell.
    int read = disk.owner() == base.owner() ? 0400 : 0004;
    return (base.mode() & read) != 0;
  }
}
