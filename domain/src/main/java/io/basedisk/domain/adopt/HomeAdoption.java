package io.basedisk.domain.adopt;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.intent.AdoptHomeIntent;
import io.basedisk.domain.model.intent.NewBox;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ForeignHomeReader;
import io.basedisk.domain.port.Guards;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.AdoptHomeProtocol;
import io.basedisk.domain.protocol.CopiedFile;
import io.basedisk.domain.protocol.CopiedFile.Target;
import io.basedisk.domain.protocol.Operations;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import javax.inject.Inject;

/**
 * Adopts the home of another program: its boxes, snapshots, clones and rootfs entries are copied
 * into this home. The other home is only read.
 *
 * <p>What is copied, under which names, and why others are left out, is decided by a plan, which
 * {@link #adopt} carries out as a whole or not at all. Thread-safe.
 */
public final class HomeAdoption {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final ForeignHomeReader reader;
  private final StoredFiles recorded;
  private final Operations operations;
  private final AdoptHomeProtocol protocol;
  private final RandomGenerator random;
  private final InstantSource clock;

  @Inject
  HomeAdoption(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      ImageLocks imageLocks,
      ForeignHomeReader reader,
      StoredFiles recorded,
      Operations operations,
      AdoptHomeProtocol protocol,
      RandomGenerator random,
      InstantSource clock) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.images = images;
    this.imageLocks = imageLocks;
    this.reader = reader;
    this.recorded = recorded;
    this.operations = operations;
    this.protocol = protocol;
    this.random = random;
    this.clock = clock;
  }

  /**
   * Plans an adoption. Reads the other home's database and headers, and changes nothing.
   *
   * @param directory path of the other home
   * @return the plan
   * @throws io.basedisk.domain.error.NotFoundException if there is no such home
   * @throws io.basedisk.domain.error.InvalidArgumentException if it is no directory
   * @throws RefusedException if it is in this home, or its database can't be used, as {@link
   *     ForeignHomeReader#read}
   */
  public HomeAdoptionPlan plan(Path directory) {
    return new HomeAdoptionPlanner(
            null, home, files, images, imageLocks, reader, recorded, random, clock)
        .plan(directory);
  }

  /**
   * Plans an adoption as {@link #plan(Path)} does, for a home that does not exist yet.
   *
   * @param directory path of the other home
   * @param home paths of the future home
   * @param files the files
   * @param images the disk images
   * @param imageLocks tells which images are open
   * @param reader reads the other home's database
   * @param random makes ids
   * @param clock the clock
   * @return the plan, for {@link #adopt} of the home when it exists
   */
  public static HomeAdoptionPlan planWithoutHome(
      Path directory,
      HomeLayout home,
      DiskFiles files,
      DiskImages images,
      ImageLocks imageLocks,
      ForeignHomeReader reader,
      RandomGenerator random,
      InstantSource clock) {
    return new HomeAdoptionPlanner(
            null, home, files, images, imageLocks, reader, RecordedFiles.NONE, random, clock)
        .plan(directory);
  }

  /**
   * Adopts as {@link #adopt(HomeAdoptionPlan, Progress)} does, without progress.
   *
   * @param plan the plan
   * @return the plan, with the lengths of the new bases
   */
  public HomeAdoptionPlan adopt(HomeAdoptionPlan plan) {
    return adopt(plan, Progress.NONE);
  }

  /**
   * Carries out a plan: all of it or nothing. The other home is examined again under locks, and
   * must still be as it was planned.
   *
   * @param plan the plan
   * @param progress receives the bytes of the files
   * @return the plan, with the lengths of the new bases
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     nothing is adopted then
   * @throws RefusedException if the other home changed since, or a process writes to one of the
   *     files
   * @throws AlreadyExistsException if a name was given to another box or rootfs entry since
   * @throws io.basedisk.domain.error.InvalidImageException if the content of a file can't be copied
   * @throws io.basedisk.domain.error.BusyException if another operation has claimed one of the
   *     names
   */
  public HomeAdoptionPlan adopt(HomeAdoptionPlan plan, Progress progress) {
    if (plan.files().isEmpty()) {
      return plan;
    }
    ImmutableList<Path> sources =
        plan.copies().stream().map(CopiedFile::source).collect(toImmutableList());
    try (ImageLocks.Guard guard = Guards.of(imageLocks, sources)) {
      // Waits, if a file has just been written, until every later change shows in its time.
      sources.forEach(files::settledStatus);
      requireCurrent(plan);
      AdoptHomeIntent intent = protocol.plan(plan.operation(), plan.copies());
      operations.perform(
          intent,
          tx -> requireNew(tx, plan),
          () -> protocol.run(intent, plan.copies(), guard, progress));
    }
    return plan.withLengths(
        store.read(
            view ->
                plan.bases().stream()
                    .flatMap(base -> view.bases().find(base.id()).stream())
                    .collect(toImmutableMap(BaseDisk::id, base -> base.diskInfo().sizeBytes()))));
  }

  private void requireCurrent(HomeAdoptionPlan plan) {
    HomeAdoptionPlan current =
        new HomeAdoptionPlanner(
                plan, home, files, images, imageLocks, reader, recorded, random, clock)
            .plan(plan.foreignHome());
    if (!current.equals(plan)) {
      throw new RefusedException(
          plan.foreignHome()
              + ": it, or this home, has changed since the adoption was planned; nothing was"
              + " adopted");
    }
  }

  /** Checks, in the transaction that claims the boxes, that nothing has the new names. */
  private void requireNew(StoreView view, HomeAdoptionPlan plan) {
    for (CopiedFile copy : plan.copies()) {
      if (copy.target() instanceof Target.Disk disk) {
        requireNew(view, disk.box());
      } else if (copy.target() instanceof Target.Base base) {
        requireNew(view, base.base().id(), copy.made().path());
        if (base.base().name() instanceof RootfsKey key
            && view.bases().findByKey(key).isPresent()) {
          throw new AlreadyExistsException("rootfs " + key + " exists already");
        }
      }
    }
  }

  private void requireNew(StoreView view, NewBox box) {
    if (view.boxes().find(box.box()).isPresent() || files.status(box.directory()).isPresent()) {
      throw new AlreadyExistsException("box " + box.box() + " exists already");
    }
  }

  private void requireNew(StoreView view, BaseDiskId base, Path file) {
    if (view.bases().find(base).isPresent() || files.status(file).isPresent()) {
      throw new AlreadyExistsException("base " + base + " exists already");
    }
  }
}
