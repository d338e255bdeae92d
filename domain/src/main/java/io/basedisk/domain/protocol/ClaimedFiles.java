package io.basedisk.domain.protocol;

import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.DiskClaim;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import javax.inject.Inject;

/** Tells the file that an operation has claimed from another that has its name by now. */
public final class ClaimedFiles {

  private final DiskFiles files;

  @Inject
  ClaimedFiles(DiskFiles files) {
    this.files = files;
  }

  /** Returns whether {@code path} names the file of that identity. */
  boolean isFile(Path path, FileIdentity identity) {
    return files.status(path).map(FileStatus::identity).filter(identity::equals).isPresent();
  }

  /**
   * Checks that a disk that was looked at is still the file of its name, and that this is its only
   * one, once the disk is claimed: what another operation gave it is gone by then.
   *
   * @throws RefusedException if it is not
   */
  public void checkUnchanged(DiskClaim disk) {
    FileStatus status =
        files
            .status(disk.path())
            .filter(now -> now.identity().equals(disk.identity()))
            .orElseThrow(() -> new RefusedException(disk.path() + ": was changed meanwhile"));
    RegisteredDisks.refusalOf(disk.path(), status)
        .ifPresent(
            refusal -> {
              throw refusal;
            });
  }

  /**
   * Returns whether the file that has the name of a claimed disk now is the one that was claimed,
   * maybe before a power cut: some file systems have another device number after each mount. Then
   * the inode number tells, if besides the second name that the operation gives that file is not
   * made yet or is this very file's; as long as it is there, no other file has that number.
   */
  boolean isClaimed(DiskClaim disk, FileIdentity now, Path secondName) {
    if (now.inode() != disk.identity().inode()) {
      return false;
    }
    return now.device() == disk.identity().device()
        || files.status(secondName).isEmpty()
        || isFile(secondName, now);
  }
}
