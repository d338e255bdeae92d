package io.basedisk.domain.adopt;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.adopt.AdoptionPlan.Entry;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.FileVersion;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.intent.AdoptIntent;
import io.basedisk.domain.model.intent.AdoptedFile;
import io.basedisk.domain.model.intent.AdoptedFile.Role;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Guards;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.AdoptProtocol;
import io.basedisk.domain.protocol.Operations;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Adopts a directory of disk files that were there before basedisk: files that others back onto
 * become bases, and the other qcow2 images become boxes.
 *
 * <p>The files keep their places, names and owners, and no file changes, unless they move into the
 * home. Which files are adopted, and why others are left out, is decided by a plan, which {@link
 * #adopt} carries out as a whole or not at all. Thread-safe.
 */
public final class Adoption {

  private final HomeLayout home;
  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final StoredFiles recorded;
  private final Operations operations;
  private final AdoptProtocol protocol;
  private final RandomGenerator random;
  private final InstantSource clock;

  @Inject
  Adoption(
      HomeLayout home,
      DiskFiles files,
      DiskImages images,
      ImageLocks imageLocks,
      StoredFiles recorded,
      Operations operations,
      AdoptProtocol protocol,
      RandomGenerator random,
      InstantSource clock) {
    this.home = home;
    this.files = files;
    this.images = images;
    this.imageLocks = imageLocks;
    this.recorded = recorded;
    this.operations = operations;
    this.protocol = protocol;
    this.random = random;
    this.clock = clock;
  }

  /**
   * Plans an adoption. Reads headers and changes nothing.
   *
   * @param request what to adopt
   * @return the plan
   * @throws io.basedisk.domain.error.NotFoundException if the directory or an allowed file does not
   *     exist
   * @throws io.basedisk.domain.error.InvalidArgumentException if the directory is no directory
   * @throws RefusedException if the directory is in a home
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   */
  public AdoptionPlan plan(AdoptionRequest request) {
    return plan(request, null);
  }

  private AdoptionPlan plan(AdoptionRequest request, @Nullable AdoptionPlan earlier) {
    return new AdoptionPlanner(
            request, earlier, home, files, images, imageLocks, recorded, random, clock)
        .plan();
  }

  /**
   * Plans an adoption as {@link #plan(AdoptionRequest)} does, for a home that does not exist yet.
   *
   * @param request what to adopt
   * @param home paths of the future home
   * @param files the files
   * @param images the disk images
   * @param imageLocks tells which images are open
   * @param random makes ids
   * @param clock the clock
   * @return the plan, for {@link #adopt} of the home when it exists
   */
  public static AdoptionPlan planWithoutHome(
      AdoptionRequest request,
      HomeLayout home,
      DiskFiles files,
      DiskImages images,
      ImageLocks imageLocks,
      RandomGenerator random,
      InstantSource clock) {
    return new AdoptionPlanner(
            request, null, home, files, images, imageLocks, RecordedFiles.NONE, random, clock)
        .plan();
  }

  /**
   * Adopts as {@link #adopt(AdoptionPlan, Progress)} does, without progress.
   *
   * @param plan the plan
   * @return the plan with the time of the new records
   */
  public AdoptionPlan adopt(AdoptionPlan plan) {
    return adopt(plan, Progress.NONE);
  }

  /**
   * Carries out a plan: all of it or nothing. The directory is examined again under locks, and must
   * still be as it was planned. A VM may run on a disk that stays where it is.
   *
   * @param plan the plan
   * @param progress receives the number of files that were moved into the home
   * @return the plan with the time of the new records
   * @throws RefusedException if a file changed since it was planned, or a process has a base or a
   *     moved file open for writing
   * @throws AlreadyExistsException if a name was given to another box since
   * @throws io.basedisk.domain.error.BusyException if another operation has claimed one of the
   *     files
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     nothing is adopted then
   */
  public AdoptionPlan adopt(AdoptionPlan plan, Progress progress) {
    if (plan.files().isEmpty()) {
      return plan;
    }
    try (ImageLocks.Guard guard = Guards.of(imageLocks, guarded(plan))) {
      // Waits, if a base has just been written, until every later change shows in its time.
      plan.adopted().stream()
          .filter(file -> file.role() instanceof Role.Base)
          .forEach(file -> files.settledStatus(file.path()));
      requireCurrent(plan);
      AdoptIntent intent = protocol.plan(plan.operation(), plan.adopted());
      operations.perform(
          intent, tx -> requireNew(tx, intent), () -> protocol.run(intent, guard, progress));
      return plan.recordedAt(intent.startedAt());
    }
  }

  private static ImmutableList<Path> guarded(AdoptionPlan plan) {
    return plan.adopted().stream()
        .filter(file -> file.role() instanceof Role.Base || file.move() != null)
        .map(AdoptedFile::path)
        .collect(toImmutableList());
  }

  private void requireCurrent(AdoptionPlan plan) {
    AdoptionPlan now = plan(plan.request(), plan);
    if (!comparable(now).equals(comparable(plan))) {
      throw new RefusedException(
          plan.request().directory()
              + ": its files have changed since the adoption was planned; nothing was adopted");
    }
  }

  /**
   * {@return a plan without the differences that do not matter: its time, and the versions of disks
   * that stay, on which VMs may run}
   */
  private static AdoptionPlan comparable(AdoptionPlan plan) {
    return new AdoptionPlan(
        plan.request(),
        plan.operation(),
        plan.files().stream().map(Adoption::comparable).collect(toImmutableList()),
        plan.leftOut(),
        Instant.EPOCH);
  }

  private static Entry comparable(Entry entry) {
    AdoptedFile file = entry.file();
    if (file.role() instanceof Role.Base || file.move() != null) {
      return entry;
    }
    return new Entry(
        new AdoptedFile(
            file.path(),
            file.identity(),
            new FileVersion(Instant.EPOCH, 0),
            file.format(),
            file.virtualSize(),
            file.role(),
            file.parent(),
            null),
        entry.depth(),
        entry.whyStays());
  }

  /** Checks, in the transaction that claims the files, that the store does not have them yet. */
  private void requireNew(StoreView view, AdoptIntent intent) {
    for (AdoptedFile file : intent.files()) {
      if (view.boxes().findByDisk(file.path()).isPresent()
          || view.bases().findByPath(file.path()).isPresent()) {
        throw new AlreadyExistsException(file.path() + ": is recorded already");
      }
      if (file.role() instanceof Role.BoxDisk disk
          && (view.boxes().find(disk.box()).isPresent()
              || files.status(home.boxDirectory(disk.box())).isPresent())) {
        throw new AlreadyExistsException("box " + disk.box() + " exists already");
      }
      if (file.role() instanceof Role.Base base && view.bases().find(base.id()).isPresent()) {
        throw new AlreadyExistsException("base " + base.id() + " exists already");
      }
    }
  }
}
