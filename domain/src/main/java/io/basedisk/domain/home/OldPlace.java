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

/** Looks at the path where a home was when its store last changed it. Safe for many threads. */
final class OldPlace {

  /** What is at the old path. */
  enum Sight {
    /** The directory of this very home, under another name: a bind mount, for example. */
    THIS_HOME,
    /** Another directory, which holds a home with the same id: this home is a copy of it. */
    ORIGINAL,
    /** No home with that id: this home was moved. */
    GONE,
    /** It can't be told: the place of the old path is not there, or can't be read. */
    UNSEEN
  }

  private final HomeLayout home;
  private final DiskFiles files;

  OldPlace(HomeLayout home, DiskFiles files) {
    this.home = home;
    this.files = files;
  }

  /**
   * Returns what is at the path of {@code old}.
   *
   * @param isDeviceKnown whether {@code old} tells the directory that was there, too
   */
  Sight look(HomeIdentity old, boolean isDeviceKnown) {
    try {
      Optional<Path> real = realPath(old.path());
      if (real.isEmpty()) {
        return isFileSystemThere(old, isDeviceKnown) ? Sight.GONE : Sight.UNSEEN;
      }
      // A symbolic link to the new place: the real path of the home is another one all the same.
      if (real.get().equals(home.home())) {
        return Sight.GONE;
      }
      if (isThisHome(real.get())) {
        return Sight.THIS_HOME;
      }
      if (holdsHome(real.get(), old.id())) {
        return Sight.ORIGINAL;
      }
      return isFileSystemThere(old, isDeviceKnown) ? Sight.GONE : Sight.UNSEEN;
    } catch (StorageException cantBeRead) {
      return Sight.UNSEEN;
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

  /** Homes that were made before there were ids, and homes that lost the file, have a store. */
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
   * Returns whether the file system that held the home is where it was: without it, a mount point
   * is an empty directory. The home itself tells as well: a directory keeps its number when it is
   * moved within its file system.
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
