package io.basedisk.domain.rebuild;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.home.IdentityFile;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.StoreTransaction;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import javax.inject.Inject;

/**
 * Rebuilds a lost store's records from the headers of the home's images and the descriptions in its
 * bases. It changes and deletes no file, and holds every base that may be needed without a record
 * that says so.
 *
 * <p>Headers and descriptions may be forged. They decide what is kept and its name, never what is
 * deleted. No other process may use the home: an operation under way looks like an interrupted one.
 * Thread-safe.
 */
public final class StoreRebuild {

  private final HomeLayout home;
  private final DiskFiles files;
  private final DiskImages images;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * Creates the rebuild of one home's store.
   *
   * @param home the layout of the home
   * @param files the files
   * @param images the disk images
   * @param clock limits recorded times to the present
   * @param random makes ids
   */
  @Inject
  public StoreRebuild(
      HomeLayout home,
      DiskFiles files,
      DiskImages images,
      InstantSource clock,
      RandomGenerator random) {
    this.home = home;
    this.files = files;
    this.images = images;
    this.clock = clock;
    this.random = random;
  }

  /**
   * {@return the records for a new store} Changes nothing.
   *
   * @param disksDirs disks directories of boxes outside the home
   * @throws io.basedisk.domain.error.NotFoundException if one of them does not exist
   * @throws io.basedisk.domain.error.InvalidArgumentException if one of them is not a directory, or
   *     can't be a box's
   * @throws RefusedException if there are no bases, but disks that need one
   * @throws io.basedisk.domain.error.StorageException if the home can't be listed, or its {@code
   *     home.json} can't be read
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   */
  public RebuildPlan plan(Collection<Path> disksDirs) {
    UnaryOperator<Instant> recordable = recordableUntil(clock.instant());
    Omissions omissions = new Omissions();
    BaseSearch.Found search = new BaseSearch(home, files, images, omissions).run();
    BoxSearch boxSearch = new BoxSearch(home, files, images, search, omissions, recordable);
    ImmutableList<FoundBox> boxes = boxSearch.run(disksDirs);
    requireBasesIfNeeded(boxes);
    HomeOrigin origin = new HomeOrigin(home, search.bases(), boxes);
    HomeId id =
        new IdentityFile(home, files)
            .read()
            .or(origin::describedId)
            .orElseGet(() -> HomeId.mint(random));
    ImmutableList<FoundBase> bases =
        search.bases().stream().map(base -> base.of(id)).collect(ImmutableList.toImmutableList());
    ImmutableSet<BaseDiskId> ids =
        bases.stream().map(FoundBase::id).collect(ImmutableSet.toImmutableSet());
    ForeignBases foreign =
        new ForeignBases(home, files, images, boxSearch::diskThatIs, recordable, random, ids);
    return new PlanDraft(
            BaseNames.of(bases, recordable),
            new ParentFinder(origin.writtenFor(), ids, foreign, omissions),
            foreign,
            omissions)
        .complete(
            new HomeIdentity(
                id, origin.writtenFor(), files.status(home.home()).orElseThrow().identity()),
            bases,
            boxes);
  }

  /**
   * Refuses a home with disks that need bases and without a base: the bases' file system is
   * probably not mounted.
   */
  private void requireBasesIfNeeded(ImmutableList<FoundBox> boxes) {
    boolean isEmpty =
        files.list(home.bases()).stream().noneMatch(file -> home.baseIdOf(file).isPresent());
    boolean isNeeded =
        boxes.stream()
            .flatMap(box -> box.below().values().stream())
            .anyMatch(below -> below.end() instanceof BackingTarget.Broken);
    if (isEmpty && isNeeded) {
      throw new RefusedException(
          home.bases()
              + ": has no bases, but disks whose backing files are missing; is its file"
              + " system mounted?");
    }
  }

  /** Limits a file's time to what a record may have: whole seconds, and not in the future. */
  private static UnaryOperator<Instant> recordableUntil(Instant now) {
    return time ->
        (time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time.isAfter(now) ? now : time)
            .truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * Fills an empty store with the records of a plan, in one transaction.
   *
   * @param store the store
   * @param plan the records
   * @param leastWriteNumber the minimum of the store's write number: one more than in the home's
   *     stamp
   * @throws IllegalArgumentException if the store has records
   */
  public void fill(BaseDiskStore store, RebuildPlan plan, long leastWriteNumber) {
    store.change(
        tx -> {
          checkArgument(
              tx.bases().list(BaseFilter.ALL).isEmpty() && tx.boxes().list().isEmpty(),
              "the store to be filled is not empty");
          insert(tx, plan);
          if (!plan.identity().path().equals(home.home())) {
            tx.home().movePaths(home.home(), plan.identity().path());
          }
          new LogWriter(clock).append(tx, changeOf(plan));
          tx.home().countWrite(leastWriteNumber);
        });
  }

  /** The log of the old store is lost, so this is the first entry. */
  private static LoggedChange changeOf(RebuildPlan plan) {
    return LoggedChange.of(LogEvent.REBUILT)
        .detailed(
            "bases: %d, boxes: %d, holds: %d"
                .formatted(plan.bases().size(), plan.boxes().size(), plan.holds().size()));
  }

  private static void insert(StoreTransaction tx, RebuildPlan plan) {
    tx.home().putIdentity(plan.identity());
    plan.bases().forEach(tx.bases()::insert);
    plan.fingerprints().forEach(tx.bases()::putFingerprint);
    plan.boxes().forEach(tx.boxes()::insert);
    plan.references().forEach(tx.references()::put);
    plan.holds().forEach(tx.holds()::insert);
  }
}
