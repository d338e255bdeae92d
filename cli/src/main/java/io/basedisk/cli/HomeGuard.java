package io.basedisk.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.app.BaseDisks;
import io.basedisk.app.ManagedFiles;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NoHomeException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.WhenLocksCantBeAsked;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.os.OperatingSystem;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Keeps commands that write single image files away from what a home manages. */
final class HomeGuard {

  private final Supplier<BaseDisks> opener;

  /**
   * @param opener opens the home, and makes none
   */
  HomeGuard(Supplier<BaseDisks> opener) {
    this.opener = opener;
  }

  /**
   * Returns the real path that a new file will have.
   *
   * @throws io.basedisk.domain.error.NotFoundException if its directory does not exist
   * @throws AlreadyExistsException if it can't be the name of a new file
   */
  Path realPathOfNew(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new AlreadyExistsException(file + ": exists already");
    }
    return new LocalDiskFiles(OperatingSystem.current())
        .realPath(directory)
        .resolve(file.getFileName());
  }

  /**
   * Checks that no file is the home's, and returns what the home does where it can't be told who
   * has a file open; empty if there is no home.
   *
   * @param files they may be links, and need not exist; their directories must
   * @throws RefusedException if the home manages one
   */
  @CanIgnoreReturnValue
  Optional<WhenLocksCantBeAsked> refuseManaged(Iterable<Path> files) {
    try (BaseDisks disks = opener.get()) {
      ManagedFiles managed = disks.managedFiles();
      for (Path file : files) {
        managed
            .describe(file)
            .ifPresent(
                what -> {
                  throw new RefusedException("cannot use " + file + ": " + what);
                });
      }
      return Optional.of(disks.whenLocksCantBeAsked());
    } catch (NoHomeException e) {
      return Optional.empty();
    }
  }
}
