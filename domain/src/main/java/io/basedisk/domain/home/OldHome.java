package io.basedisk.domain.home;

import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.Optional;

/** Looks at the path that the store has for its home. Thread-safe. */
final class OldHome {

  /** What is at the old path. */
  enum Sight {
    /** This home's directory under another name, for example by a bind mount. */
    THIS_HOME,
    /** Another directory with a home of the same id: the original of this copy. */
    ORIGINAL,
    /** No home with that id: this home was moved. */
    GONE,
    /** Unknown: the path's parent directory is missing or can't be read. */
    UNKNOWN
  }

  private final HomeLayout home;
  private final DiskFiles files;

  OldHome(HomeLayout home, DiskFiles files) {
    this.home = home;
    this.files = files;
  }

  /**
   * Looks at the path of {@code old}.
   *
   * @param old the recorded identity
   * @param isDeviceKnown whether {@code old} has the directory's device and inode numbers
   */
  Sight look(HomeIdentity old, boolean isDeviceKnown) {
    try {
      Optional<Path> real = realPath(old.path());
      if (real.isEmpty()) {
        return isFileSystemThere(old, isDeviceKnown) ? Sight.GONE : Sight.UNKNOWN;
      }
      // A symbolic link to the new path: the home has moved.
      if (real.get().equals(home.home())) {
        return Sight.GONE;
      }
      if (isThisHome(real.get())) {
        return Sight.THIS_HOME;
      }
      if (holdsHome(real.get(), old.id())) {
        return Sight.ORIGINAL;
      }
      return isFileSystemThere(old, isDeviceKnown) ? Sight.GONE : Sight.UNKNOWN;
    } catch (StorageException cantBeRead) {
      return Sight.UNKNOWN;
    }
  }

  private boolean isThisHome(Path path) {
    return isSame(path, home.home())
        || isSame(new HomeLayout(path).operationsLock(), home.operationsLock());
  }

  private boolean isSame(Path one, Path other) {
    Optional<FileIdentity> identity = files.status(one).map(FileStatus::identity);
    return identity.isPresent() && identity.equals(files.status(other).map(FileStatus::identity));
  }

  /**
   * {@return whether {@code path} has a home with this id} A home of an earlier version, or one
   * that lost its identity file, still has a store.
   */
  private boolean holdsHome(Path path, HomeId id) {
    HomeLayout there = new HomeLayout(path);
    return new IdentityFile(there, files)
        .read()
        .map(id::equals)
        .orElseGet(
            () ->
                files.status(there.operationsLock()).isPresent()
                    || files.status(there.db().resolve("basedisk.db")).isPresent());
  }

  /**
   * {@return whether the file system that held the old home is mounted: an empty mount point must
   * not count as a moved home} If the home moved within its file system, its directory keeps its
   * inode number.
   */
  private boolean isFileSystemThere(HomeIdentity old, boolean isDeviceKnown) {
    Optional<FileIdentity> now = files.status(home.home()).map(FileStatus::identity);
    if (now.equals(Optional.of(old.directory()))) {
      return true;
    }
    Path place = files.status(old.path()).isPresent() ? old.path() : old.path().getParent();
    return place != null
        && files
            .status(place)
            .filter(
                status -> !isDeviceKnown || status.identity().device() == old.directory().device())
            .isPresent();
  }

  private Optional<Path> realPath(Path path) {
    try {
      return Optional.of(files.realPath(path));
    } catch (NotFoundException absent) {
      return Optional.empty();
    }
  }
}
