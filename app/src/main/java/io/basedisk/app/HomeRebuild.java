package io.basedisk.app;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.wiring.HomeDatabase;
import io.basedisk.app.wiring.StoreCondition;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.StoreStamp;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.OperationLocks.Held;
import io.basedisk.domain.port.StampFile;
import io.basedisk.domain.rebuild.RebuildPlan;
import io.basedisk.domain.rebuild.StoreRebuild;
import io.basedisk.domain.rebuild.StoreReplacement;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.inject.Inject;

/**
 * Rebuilds the database of a home from the home's files, after the database was lost or replaced by
 * an older copy. Changes and deletes no base and no disk.
 *
 * <p>The rebuild creates the new database under another name and then replaces the old one, which
 * stays beside it. A kill or power cut at any moment leaves the old database, no database or the
 * new one; then repeat the rebuild. This process must not have the home open, and no operation may
 * run in it. Another process that has the home open can't change it through the old database
 * afterwards. Not thread-safe.
 */
public final class HomeRebuild {

  private static final int OWNER_ALONE = 0600;
  private final HomeLayout home;
  private final DiskFiles files;
  private final StampFile stamp;
  private final StoreRebuild rebuild;

  private final HomeDatabase store;

  @Inject
  HomeRebuild(
      HomeLayout home, DiskFiles files, StampFile stamp, StoreRebuild rebuild, HomeDatabase store) {
    this.home = home;
    this.files = files;
    this.stamp = stamp;
    this.rebuild = rebuild;
    this.store = store;
  }

  /**
   * The result of a rebuild.
   *
   * @param plan the records of the new store
   * @param storeKept path of the old database; empty if there was none
   */
  public record Outcome(RebuildPlan plan, Optional<Path> storeKept) {}

  /**
   * {@return the rebuild of a home with the standard store}
   *
   * @param home path of the home directory
   * @throws NotFoundException if the directory does not exist
   */
  public static HomeRebuild of(Path home) {
    return UnopenedHomeComponent.of(home).rebuild();
  }

  /**
   * {@return the records that {@link #run} would make, without a new database}
   *
   * @param disksDirs disks directories of boxes outside the home
   * @throws NotFoundException like {@link #run}
   * @throws RefusedException like {@link #run}
   * @throws StorageException like {@link #run}
   */
  public RebuildPlan plan(List<Path> disksDirs) {
    requireParts();
    if (files.status(home.operationsLock()).isEmpty()) {
      requireNeed();
      return rebuild.plan(ImmutableList.copyOf(disksDirs));
    }
    try (Held alone = aloneInHome()) {
      requireNeed();
      return rebuild.plan(ImmutableList.copyOf(disksDirs));
    }
  }

  /**
   * Rebuilds the database.
   *
   * @param disksDirs disks directories of boxes outside the home
   * @return the records of the new store, and where the old database was kept
   * @throws NotFoundException if a disks directory or a part of the home does not exist
   * @throws RefusedException if the present database is current, or an operation is running in the
   *     home
   * @throws StorageException if the home can't be read or the database can't be written; the old
   *     database is unchanged then
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   *     while the files are read; the old database is unchanged then
   */
  public Outcome run(List<Path> disksDirs) {
    requireParts();
    makeDatabaseDirectory();
    try (Held alone = aloneInHome()) {
      StoreCondition old = requireNeed();
      RebuildPlan plan = rebuild.plan(ImmutableList.copyOf(disksDirs));
      StoreReplacement replacement =
          new StoreReplacement(files, store.database(), HomeDatabase.COMPANIONS);
      discardPrepared(replacement);
      long number = prepare(replacement.prepared(), plan, leastWriteNumber(old));
      // Before the replacement: a process that has the old database open finds it older than the
      // stamp, and changes nothing more.
      stamp.write(new StoreStamp(number, true));
      return new Outcome(plan, replacement.replace());
    }
  }

  /**
   * Checks that all parts exist. A missing part may be an unmounted file system; a rebuild without
   * it would lose its boxes or bases.
   */
  private void requireParts() {
    for (Path part : ImmutableList.of(home.bases(), home.boxes())) {
      if (files.status(part).map(FileStatus::type).filter(this::isDirectory).isEmpty()) {
        throw new NotFoundException(
            part + ": is missing; is this a home, and is its file system mounted?");
      }
    }
  }

  private boolean isDirectory(FileStatus.FileType type) {
    return type == FileStatus.FileType.DIRECTORY;
  }

  private void makeDatabaseDirectory() {
    if (files.status(home.db()).isEmpty()) {
      files.createDirectory(home.db(), HomeLayout.PRIVATE_MODE);
      files.sync(home.home());
    }
  }

  private Held aloneInHome() {
    return store
        .tryAcquireAll()
        .orElseThrow(
            () ->
                new RefusedException(
                    "an operation is under way in the home "
                        + home.home()
                        + ": wait for it to end, or stop all programs that use the home"));
  }

  private StoreCondition requireNeed() {
    StoreCondition condition = store.condition();
    if (condition.fault().isEmpty()) {
      throw new RefusedException(
          "nothing to rebuild: " + store.database() + " is the current store of the home");
    }
    return condition;
  }

  private void discardPrepared(StoreReplacement replacement) {
    replacement.discardPrepared();
    files.remove(HomeDatabase.migrationLock(replacement.prepared()));
  }

  /**
   * {@return the lowest write number of the new store} It is above the numbers of the old store and
   * of the stamp. It is also above that of every older copy, so that no copy looks newer than this
   * store even if the stamp is lost.
   */
  private static long leastWriteNumber(StoreCondition old) {
    return Math.max(old.writeNumber() + 1, Instant.now().getEpochSecond());
  }

  /**
   * Creates the new database as one complete file, without a write-ahead log, and returns the
   * number of its last write.
   */
  private long prepare(Path database, RebuildPlan plan, long leastWriteNumber) {
    long number;
    try (BaseDiskStore made = store.open(database)) {
      rebuild.fill(made, plan, leastWriteNumber);
      number = made.<Long>read(view -> view.home().writeNumber());
    }
    Path log = sibling(database, HomeDatabase.LOG);
    if (files.status(log).filter(status -> status.length() > 0).isPresent()) {
      throw new StorageException(log + ": is left of a database that was closed");
    }
    HomeDatabase.COMPANIONS.forEach(suffix -> files.remove(sibling(database, suffix)));
    files.remove(HomeDatabase.migrationLock(database));
    files.limitPermissions(database, OWNER_ALONE);
    return number;
  }

  private static Path sibling(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }
}
