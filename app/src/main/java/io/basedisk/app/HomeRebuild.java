package io.basedisk.app;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.wiring.StandardStore;
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
import java.util.Optional;
import javax.inject.Inject;

/**
 * Makes the database of a home anew from the home's files, after it was lost or an older copy of it
 * was put back. It deletes no base and no disk, and changes none.
 *
 * <p>The new database is made under another name, then takes the place of the old one, which is
 * kept beside it. A kill or power cut at any moment leaves the old database, none, or the new one,
 * and the rebuild can be repeated. No object of this process may have the home open; of other
 * processes, none may be at work in it, and those that have it open can change nothing through the
 * old database afterwards. Not safe for many threads.
 */
public final class HomeRebuild {

  private static final int OWNER_ALONE = 0600;
  private final HomeLayout home;
  private final DiskFiles files;
  private final StampFile stamp;
  private final StoreRebuild rebuild;

  private final StandardStore store;

  @Inject
  HomeRebuild(
      HomeLayout home,
      DiskFiles files,
      StampFile stamp,
      StoreRebuild rebuild,
      StandardStore store) {
    this.home = home;
    this.files = files;
    this.stamp = stamp;
    this.rebuild = rebuild;
    this.store = store;
  }

  /**
   * What a rebuild did.
   *
   * @param plan the records of the new store
   * @param storeKept where the old database is; empty if there was none
   */
  public record Outcome(RebuildPlan plan, Optional<Path> storeKept) {}

  /**
   * Returns the rebuild of a home with the standard store.
   *
   * @throws NotFoundException if nothing is there
   */
  public static HomeRebuild of(Path home) {
    return UnopenedHomeComponent.of(home).rebuild();
  }

  /**
   * Returns what {@link #run} would record, and makes no new database.
   *
   * @param disksDirs disks directories of boxes that are not in the home
   * @throws NotFoundException as {@link #run}
   * @throws RefusedException as {@link #run}
   * @throws StorageException as {@link #run}
   */
  public RebuildPlan plan(ImmutableList<Path> disksDirs) {
    requireParts();
    if (files.status(home.operationsLock()).isEmpty()) {
      requireNeed();
      return rebuild.plan(disksDirs);
    }
    try (Held alone = aloneInHome()) {
      requireNeed();
      return rebuild.plan(disksDirs);
    }
  }

  /**
   * Makes the database anew.
   *
   * @param disksDirs disks directories of boxes that are not in the home
   * @throws NotFoundException if one of them, or a part of the home, does not exist
   * @throws RefusedException if the present database is current, or an operation is under way in
   *     the home
   * @throws StorageException if the home can't be read or the database can't be written; the old
   *     one is then as it was
   */
  public Outcome run(ImmutableList<Path> disksDirs) {
    requireParts();
    makeDatabaseDirectory();
    try (Held alone = aloneInHome()) {
      StoreCondition old = requireNeed();
      RebuildPlan plan = rebuild.plan(disksDirs);
      StoreReplacement replacement =
          new StoreReplacement(files, store.database(), StandardStore.COMPANIONS);
      discardPrepared(replacement);
      long number = prepare(replacement.prepared(), plan, leastWriteNumber(old));
      // Before the old database goes: a process that has that one open finds it older than the
      // stamp,
      // and changes nothing more.
      stamp.write(new StoreStamp(number, true));
      return new Outcome(plan, replacement.replace());
    }
  }

  /**
   * An absent part may be a file system that is not mounted, whose boxes or bases would be missed.
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
    files.remove(StandardStore.migrationLock(replacement.prepared()));
  }

  /**
   * Above what the old store and the stamp know of, and above what any store that counted its
   * writes has reached: where the stamp is lost too, an older store must not look like this one.
   */
  private static long leastWriteNumber(StoreCondition old) {
    return Math.max(old.writeNumber() + 1, Instant.now().getEpochSecond());
  }

  /** Makes the new database, all of it in one file, and returns the number of its last write. */
  private long prepare(Path database, RebuildPlan plan, long leastWriteNumber) {
    long number;
    try (BaseDiskStore made = store.open(database)) {
      rebuild.fill(made, plan, leastWriteNumber);
      number = made.<Long>read(view -> view.home().writeNumber());
    }
    Path log = sibling(database, StandardStore.LOG);
    if (files.status(log).filter(status -> status.length() > 0).isPresent()) {
      throw new StorageException(log + ": is left of a database that was closed");
    }
    StandardStore.COMPANIONS.forEach(suffix -> files.remove(sibling(database, suffix)));
    files.remove(StandardStore.migrationLock(database));
    files.limitPermissions(database, OWNER_ALONE);
    return number;
  }

  private static Path sibling(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }
}
