package io.basedisk.app.wiring;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.HomePartMissingException;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NoHomeException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import javax.inject.Inject;
import javax.inject.Singleton;

/**
 * The directory of a home: finds it, or creates it with its subdirectories.
 *
 * <p>A home exists if its {@code db} directory exists and contains the database; with a replaced
 * store, the directory is enough. Several processes may create the same home at the same time,
 * since every step accepts that another process has done it. After a crash, the next process that
 * may create the home completes it. Not thread-safe.
 */
@Singleton
public final class HomeDirectory {

  /** The entry of a new file system's root directory. */
  private static final Path LOST_AND_FOUND = Path.of("lost+found");

  private final Path requested;
  private final HomeUse use;
  private final boolean hasDatabase;
  private final DiskFiles files;
  private final Deque<Path> made = new ArrayDeque<>();

  @Inject
  HomeDirectory(Settings settings, DiskFiles files) {
    this.requested = settings.home().toAbsolutePath();
    this.use = settings.use();
    // A replaced store may keep its records anywhere.
    this.hasDatabase = settings.store() == null;
    this.files = files;
  }

  /**
   * {@return the layout of the home} All its directories exist and are durable.
   *
   * @throws NoHomeException if the home is missing and may not be created
   * @throws AlreadyExistsException if the home exists and must be new
   * @throws HomePartMissingException if a part of the home is missing
   * @throws InvalidArgumentException if the home's path is too long
   * @throws StorageException if the home can't be created or used
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
      throw new AlreadyExistsException(
          "the home " + home.home() + " exists already", new Remedy.UseHome());
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

  /** {@return the missing part that makes this directory no home; empty if it is a home} */
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
   * Checks that the directory has no bases and no boxes. If it has some, it is a home whose store
   * is missing, perhaps because a file system is not mounted. With an empty store, all its bases
   * would be orphans.
   */
  private void requireEmpty(HomeLayout home) {
    if (holdsAnything(home.bases()) || holdsAnything(home.boxes())) {
      // Check the store again. Another process may have created this home since the first check,
      // and its store comes before the first base or box.
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
   * Removes the directories that {@link #open} created, after a failure. A directory with files of
   * another process stays.
   *
   * @param failure the failure; receives a second failure as suppressed
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
      // Another process has just created it.
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
