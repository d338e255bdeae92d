package io.basedisk.domain.protocol;

import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import javax.inject.Inject;

/** Tells whether a path still names the file that an operation claimed. Thread-safe. */
public final class ClaimedFiles {

  private final DiskFiles files;

  @Inject
  ClaimedFiles(DiskFiles files) {
    this.files = files;
  }

  /** {@return whether {@code path} names the file with that identity} */
  boolean isFile(Path path, FileIdentity identity) {
    return files.status(path).map(FileStatus::identity).filter(identity::equals).isPresent();
  }

  /**
   * Checks that a claimed disk's path still names the inspected file, and that the file has no
   * other name. Call after the claim is committed: hard links of earlier operations are gone by
   * then.
   *
   * @param disk the claimed disk
   * @throws RefusedException if the file was replaced or has another name
   */
  public void checkUnchanged(DiskClaim disk) {
    FileStatus status =
        files
            .status(disk.path())
            .filter(now -> now.identity().equals(disk.identity()))
            .orElseThrow(
                () ->
                    new RefusedException(
                        disk.path() + ": changed during the operation", new Remedy.Repeat()));
    RegisteredDisks.refusalOf(disk.path(), status)
        .ifPresent(
            refusal -> {
              throw refusal;
            });
  }

  /**
   * {@return whether the file at a claimed disk's path is still the claimed one, possibly after a
   * power cut} Some file systems get another device number at each mount, so the inode number
   * decides. It is reliable in two cases: the operation has not yet made its second name for the
   * file, or the second name has the same identity. A file that exists shares its inode number with
   * no other file.
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
