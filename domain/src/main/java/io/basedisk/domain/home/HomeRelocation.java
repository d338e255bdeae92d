package io.basedisk.domain.home;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Verify;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.home.InterruptedRelocation.Rest;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.Relocation.HeaderRewrite;
import io.basedisk.domain.model.StoreStamp;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.StampFile;
import io.basedisk.domain.port.Unguarded;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.inject.Inject;

/**
 * Makes a home that was moved or copied consistent at its present path: every record, and the
 * backing name in the header of every base and of every disk in the home.
 *
 * <p>Everything is planned before the first change, and the plan is committed to the store as a
 * {@link Relocation}. From then on a failure, a kill or a power cut at any moment leaves a home
 * that no other operation changes, and that the next relocation completes. If the home was moved
 * back, or further, the next relocation undoes the interrupted one first. Safe for many threads and
 * processes: of two at the same time, the second is refused.
 */
public final class HomeRelocation {

  private final BaseDiskStore store;
  private final StampFile stamp;
  private final HomeParts parts;
  private final RelocationPlanner planner;
  private final InterruptedRelocation interruption;
  private final RelocationSteps steps;

  /** What the caller says of the home, for where it can't be seen. */
  public enum Told {
    /** The caller leaves it to what is seen. */
    NOTHING,
    /** The home was moved: there is no other one. */
    MOVED,
    /** The home is a copy: the original goes on. */
    COPIED
  }

  /**
   * What a relocation changes, or changed.
   *
   * @param from the path that records and headers were written for
   * @param to the path of the home now; the same if there is nothing to do
   * @param copy whether the home is a copy, with an id of its own
   * @param rewritten the files whose headers change
   * @param leftOut the boxes that are left to the original home
   */
  public record Relocated(
      Path from,
      Path to,
      boolean copy,
      ImmutableList<Path> rewritten,
      ImmutableList<BoxId> leftOut) {

    static Relocated of(Relocation relocation) {
      return new Relocated(
          relocation.from().path(),
          relocation.to().path(),
          relocation.isCopy(),
          relocation.rewrites().stream().map(HeaderRewrite::file).collect(toImmutableList()),
          relocation.leftOut());
    }
  }

  /**
   * @param store the store itself, not a guarded one, which would refuse to change this home
   * @param stamp says whether the store is the current one
   * @param home the real path of the home as it is now
   * @param random makes the ids of copies
   */
  @Inject
  public HomeRelocation(
      @Unguarded BaseDiskStore store,
      StampFile stamp,
      HomeLayout home,
      DiskFiles files,
      DiskImages images,
      ImageLocks imageLocks,
      OperationLocks locks,
      RandomGenerator random) {
    this.store = store;
    this.stamp = stamp;
    this.parts = new HomeParts(home, files, images, imageLocks, locks);
    this.planner = new RelocationPlanner(parts, random);
    this.interruption = new InterruptedRelocation(parts, store);
    this.steps = new RelocationSteps(store, home, files, images, imageLocks);
  }

  /**
   * Returns what {@link #relocate} would do, and changes nothing.
   *
   * @throws RefusedException as {@link #relocate}
   */
  public Relocated plan(Told told) {
    requireCurrent();
    RecordedHome recorded = store.read(RecordedHome::read);
    if (recorded.relocation().isPresent()) {
      return interruption.rest(recorded.relocation().get(), recorded, told).result();
    }
    return planner.plan(recorded, told).map(Relocated::of).orElseGet(this::nothingToDo);
  }

  /**
   * Relocates the home, or completes a relocation that was interrupted. No effect if the home is
   * where its store says.
   *
   * @throws RefusedException if it can't be told whether the home was moved or copied, or {@code
   *     told} contradicts what is seen; if a file is missing, can't be read, has no room for the
   *     new name, or is open in a process; if an operation or another relocation is under way;
   *     nothing was changed then, and the message names every reason
   * @throws HomeUnusableException if the store belongs to another home, or is older than the files
   */
  public Relocated relocate(Told told) {
    requireCurrent();
    RecordedHome recorded = store.read(RecordedHome::read);
    if (recorded.relocation().isEmpty()) {
      return relocate(recorded, told);
    }
    Relocation interrupted = recorded.relocation().get();
    Rest rest = interruption.rest(interrupted, recorded, told);
    try (OperationLocks.Held owner = lockOf(interrupted)) {
      if (rest.isUndone()) {
        steps.undo(interrupted, recorded, rest.rewrites(), rest.times());
      } else {
        steps.complete(interrupted, recorded, rest.rewrites(), rest.times());
      }
      Verify.verifyNotNull(owner);
    }
    return rest.isAll() ? rest.result() : relocate(store.read(RecordedHome::read), told);
  }

  /** An older store would have old records written into files, and old header bytes. */
  private void requireCurrent() {
    // The stamp first: what is committed after it was read makes the store's number higher.
    Optional<StoreStamp> stamped = stamp.read();
    long writeNumber = store.<Long>read(view -> view.home().writeNumber());
    if (stamped.filter(s -> s.isAheadOf(writeNumber)).isPresent()) {
      throw new HomeUnusableException(
          Problem.OLDER_STORE,
          parts.path() + ": its store is older than its files, so it can't tell what to relocate");
    }
  }

  private Relocated relocate(RecordedHome recorded, Told told) {
    Optional<Relocation> planned = planner.plan(recorded, told);
    if (planned.isEmpty()) {
      return nothingToDo();
    }
    try (OperationLocks.Held owner = lockOf(planned.get())) {
      steps.perform(planned.get(), recorded);
      Verify.verifyNotNull(owner);
    }
    return Relocated.of(planned.get());
  }

  private Relocated nothingToDo() {
    return new Relocated(parts.path(), parts.path(), false, ImmutableList.of(), ImmutableList.of());
  }

  private OperationLocks.Held lockOf(Relocation relocation) {
    OperationId id = relocation.operation();
    return parts
        .locks()
        .tryAcquire(id)
        .orElseThrow(() -> new BusyException("home " + parts.path(), id.value()));
  }
}
