package io.basedisk.app;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The directory of a home: finds it, or makes it with its subdirectories on first use.
 *
 * <p>Several processes may make the same home at once: each step is one that may have been taken
 * already. A home that a crash left half made is completed by whoever opens it next. Not safe for
 * many threads.
 */
final class HomeDirectory {

  private final Path requested;
  private final DiskFiles files;
  private final Deque<Path> made = new ArrayDeque<>();

  HomeDirectory(Path requested, DiskFiles files) {
    this.requested = requested.toAbsolutePath();
    this.files = files;
  }

  /** Returns the file of the standard store. */
  static Path database(HomeLayout home) {
    return home.db().resolve("basedisk.db");
  }

  /**
   * Returns the layout of the home, all of whose directories exist now and will after a power cut.
   *
   * @throws StorageException if that can't be
   */
  HomeLayout open() {
    makeMissing();
    HomeLayout home = new HomeLayout(realPath());
    requireDirectory(home.home());
    if (files.status(database(home)).isEmpty()) {
      makeMissingIn(home);
    }
    // A home that has records has had its directories. If one is missing now, a file system may not
    // be mounted: an empty directory in its place would let every base look lost.
    for (Path directory : ImmutableList.of(home.bases(), home.boxes(), home.db())) {
      requireDirectory(directory);
    }
    return home;
  }

  /**
   * Takes the directories away that {@link #open} has made, after {@code failure} came in the way
   * of their use. What somebody else put into one of them stays, and so does the directory.
   */
  void removeIfNew(Throwable failure) {
    try {
      while (!made.isEmpty()) {
        files.remove(made.pop());
      }
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void makeMissing() {
    Deque<Path> missing = new ArrayDeque<>();
    Path path = requested;
    while (path != null && files.status(path).isEmpty()) {
      missing.push(path);
      path = path.getParent();
    }
    for (Path directory : missing) {
      make(directory, HomeLayout.PASS_THROUGH_MODE);
      Path parent = directory.getParent();
      if (parent != null) {
        files.sync(parent);
      }
    }
  }

  private void makeMissingIn(HomeLayout home) {
    make(home.bases(), HomeLayout.PASS_THROUGH_MODE);
    make(home.boxes(), HomeLayout.PASS_THROUGH_MODE);
    make(home.db(), HomeLayout.PRIVATE_MODE);
    files.sync(home.home());
  }

  private void make(Path directory, int mode) {
    if (files.status(directory).isPresent()) {
      return;
    }
    try {
      files.createDirectory(directory, mode);
      made.push(directory);
    } catch (AlreadyExistsException e) {
      // Another process made it just now.
      return;
    }
  }

  private Path realPath() {
    try {
      return files.realPath(requested);
    } catch (NotFoundException e) {
      throw new StorageException(
          "cannot open the home " + requested + ": it is a link to nowhere", e);
    }
  }

  private void requireDirectory(Path path) {
    if (files.status(path).filter(status -> status.type() == FileType.DIRECTORY).isEmpty()) {
      throw new StorageException(
          "cannot open the home "
              + requested
              + ": "
              + path
              + (files.status(path).isPresent() ? " is not a directory" : " is missing"));
    }
  }
}
