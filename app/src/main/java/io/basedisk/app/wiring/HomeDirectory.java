package io.basedisk.app.wiring;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.HomePartMissingException;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NoHomeException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The directory of a home: finds it, or makes it with its subdirectories.
 *
 * <p>A home is there once its {@code db} directory is, and in it the database, unless the store is
 * not the standard one. Several processes may make the same home at once: each step is one that may
 * have been taken already. A home that a crash left half made is completed by the next process that
 * may make one. Not safe for many threads.
 */
public final class HomeDirectory {

  /** What a new file system has in its root directory. */
  private static final Path LOST_AND_FOUND = Path.of("lost+found");

  private final Path requested;
  private final HomeUse use;
  private final boolean hasDatabase;
  private final DiskFiles files;
  private final Deque<Path> made = new ArrayDeque<>();

  /**
   * @param hasDatabase whether the store is the standard one, so that a home has a database
   */
  HomeDirectory(Path requested, HomeUse use, boolean hasDatabase, DiskFiles files) {
    this.requested = requested.toAbsolutePath();
    this.use = use;
    this.hasDatabase = hasDatabase;
    this.files = files;
  }

  /**
   * Returns the layout of the home, all of whose directories exist now and will after a power cut.
   *
   * @throws NoHomeException if none is there, and none may be made
   * @throws AlreadyExistsException if one is there, and a new one is wanted
   * @throws HomePartMissingException if a part of it is missing
   * @throws InvalidArgumentException if its path is too long
   * @throws StorageException if it can't be made or used
   */
  HomeLayout open() {
    requireUsablePath();
    if (use == HomeUse.EXISTING) {
      requireAnything();
    } else {
      makeMissing();
    }
    HomeLayout home = new HomeLayout(realPath());
    requireDirectory(home.home());
    Optional<Path> lacking = lacking(home);
    if (lacking.isEmpty() && use == HomeUse.NEW) {
      throw new AlreadyExistsException("the home " + home.home() + " exists already");
    }
    if (lacking.isPresent()) {
      requireEmpty(home);
      if (use == HomeUse.EXISTING) {
        throw new NoHomeException(requested, "has no " + describe(home, lacking.get()));
      }
      makeMissingIn(home);
    }
    for (Path directory : ImmutableList.of(home.bases(), home.boxes(), home.db())) {
      requireDirectory(directory);
    }
    return home;
  }

  private void requireUsablePath() {
    HomePaths.requireAskable(requested);
    Path existing = requested;
    while (existing.getParent() != null && files.status(existing).isEmpty()) {
      existing = existing.getParent();
    }
    Path real;
    try {
      real = files.realPath(existing);
    } catch (NotFoundException linkToNowhere) {
      // To be told where it is opened.
      return;
    }
    HomePaths.requireUsable(
        new HomeLayout(real.resolve(existing.relativize(requested))), hasDatabase);
  }

  private void requireAnything() {
    if (files.status(requested).isEmpty()) {
      throw new NoHomeException(requested, "does not exist");
    }
  }

  /** Returns what a home has and this one does not; empty if it is a home. */
  private Optional<Path> lacking(HomeLayout home) {
    if (files.status(home.db()).isEmpty()) {
      return Optional.of(home.db());
    }
    return Optional.of(HomePaths.database(home))
        .filter(database -> hasDatabase && isMissingOrEmpty(database));
  }

  private boolean isMissingOrEmpty(Path file) {
    return files.status(file).filter(status -> status.length() > 0).isEmpty();
  }

  private static String describe(HomeLayout home, Path lacking) {
    return lacking.equals(home.db()) ? "db directory" : "database";
  }

  /**
   * Checks that no home has been here. One that has bases or boxes has had a store: if that is
   * missing now, a file system may not be mounted, and an empty store would take everything for
   * unneeded.
   */
  private void requireEmpty(HomeLayout home) {
    if (holdsAnything(home.bases()) || holdsAnything(home.boxes())) {
      // A process that makes this home just now does so in the opposite order: looked at again.
      lacking(home)
          .ifPresent(
              part -> {
                throw new HomeUnusableException(
                    Problem.LOST_STORE,
                    "the home "
                        + requested
                        + " has bases or boxes, and no store: "
                        + part
                        + " is missing or empty");
              });
    }
  }

  private boolean holdsAnything(Path directory) {
    return isDirectory(directory)
        && files.list(directory).stream().anyMatch(file -> !file.endsWith(LOST_AND_FOUND));
  }

  /**
   * Takes the directories away that {@link #open} has made, after {@code failure} came in the way
   * of their use. What somebody else put into one of them stays, and so does the directory.
   */
  public void removeIfNew(Throwable failure) {
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
      if (use == HomeUse.EXISTING) {
        throw new NoHomeException(requested, "is a link to nowhere");
      }
      throw new StorageException(
          "cannot open the home " + requested + ": it is a link to nowhere", e);
    }
  }

  private void requireDirectory(Path path) {
    if (files.status(path).isEmpty()) {
      throw new HomePartMissingException(requested, path);
    }
    if (!isDirectory(path)) {
      throw new StorageException(
          "cannot open the home " + requested + ": " + path + " is not a directory");
    }
  }

  private boolean isDirectory(Path path) {
    return files.status(path).filter(status -> status.type() == FileType.DIRECTORY).isPresent();
  }
}
