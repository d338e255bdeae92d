package io.basedisk.domain.home;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Verify;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.home.InterruptedRelocation.Rest;
import io.basedisk.domain.log.LogWriter;
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
 * Makes a moved or copied home consistent at its present path: rewrites every record, and the
 * backing name in the header of every base and of every disk in the home.
 *
 * <p>The whole plan is made before the first change, and committed to the store as a {@link
 * Relocation}. If the relocation is interrupted after that, the home refuses all other operations,
 * and the next relocation completes it. If the home has been moved again since then, the next
 * relocation first undoes the interrupted one. Safe for many threads and processes: of two
 * concurrent relocations, the second is refused.
 */
public final class HomeRelocation {

  private final BaseDiskStore store;
  private final StampFile stamp;
  private final HomeParts parts;
  private final RelocationPlanner planner;
  private final InterruptedRelocation interruption;
  private final RelocationSteps steps;

  /** What the caller declares about the home, for cases that basedisk can't detect. */
  public enum Declared {
    /** Nothing: detect it. */
    NOTHING,
    /** The home was moved: no original exists. */
    MOVED,
    /** The home is a copy: the original stays in use. */
    COPIED
  }

  /**
   * What a relocation changes, or changed.
   *
   * @param from the path that records and headers were written for
   * @param to the present path of the home; equal to {@code from} if there is nothing to do
   * @param copy whether the home is a copy, with an id of its own
   * @param rewritten the files whose headers change
   * @param leftOut the boxes that stay with the original home
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
   * Creates the relocation of one home.
   *
   * @param store the unguarded store; a guarded one would refuse to change this home
   * @param stamp tells whether the store is current
   * @param home the layout at the home's present real path
   * @param files the files
   * @param images the disk images
   * @param imageLocks tells which images are open
   * @param locks tells which operations are under way
   * @param random makes the ids of copies
   * @param log gets an entry of the relocation
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
      RandomGenerator random,
      LogWriter log) {
    this.store = store;
    this.stamp = stamp;
    this.parts = new HomeParts(home, files, images, imageLocks, locks);
    this.planner = new RelocationPlanner(parts, random);
    this.interruption = new InterruptedRelocation(parts, store);
    this.steps = new RelocationSteps(store, home, files, images, imageLocks, log);
  }

  /**
   * {@return what {@link #relocate} would do, and changes nothing}
   *
   * @param declared what the caller declares
   * @throws RefusedException as {@link #relocate}
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   */
  public Relocated plan(Declared declared) {
    requireCurrent();
    RecordedHome recorded = store.read(RecordedHome::read);
    if (recorded.relocation().isPresent()) {
      return interruption.rest(recorded.relocation().get(), recorded, declared).result();
    }
    return planner.plan(recorded, declared).map(Relocated::of).orElseGet(this::nothingToDo);
  }

  /**
   * Relocates the home, or completes an interrupted relocation. Does nothing if the home is at the
   * path in its store.
   *
   * @param declared what the caller declares
   * @return what was changed
   * @throws RefusedException if it is unclear whether the home was moved or copied, or {@code
   *     declared} is wrong; if a file is missing, can't be read, has no room for the new name, or
   *     is open in a process; if an operation or another relocation is under way. Nothing has
   *     changed then, and the message has every reason.
   * @throws HomeUnusableException if the store belongs to another home, or is older than the files
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   *     while the headers are read; nothing has changed then. Later, an interrupt has no effect,
   *     because a relocation that stops half way makes the home unusable.
   */
  public Relocated relocate(Declared declared) {
    requireCurrent();
    RecordedHome recorded = store.read(RecordedHome::read);
    if (recorded.relocation().isEmpty()) {
      return relocate(recorded, declared);
    }
    Relocation interrupted = recorded.relocation().get();
    Rest rest = interruption.rest(interrupted, recorded, declared);
    try (OperationLocks.Held owner = lockOf(interrupted)) {
      if (rest.isUndone()) {
        steps.undo(interrupted, recorded, rest.rewrites(), rest.times());
      } else {
        steps.complete(interrupted, recorded, rest.rewrites(), rest.times());
      }
      Verify.verifyNotNull(owner);
    }
    return rest.isAll() ? rest.result() : relocate(store.read(RecordedHome::read), declared);
  }

  /** Refuses an older store: its old records and header bytes would be written into the files. */
  private void requireCurrent() {
    // Read the stamp first: writes committed after that only raise the store's number.
    Optional<StoreStamp> stamped = stamp.read();
    long writeNumber = store.<Long>read(view -> view.home().writeNumber());
    if (stamped.filter(s -> s.isAheadOf(writeNumber)).isPresent()) {
      throw new HomeUnusableException(
          Problem.OLDER_STORE,
          parts.path()
              + ": its store is older than its files, so it does not know what to relocate");
    }
  }

  private Relocated relocate(RecordedHome recorded, Declared declared) {
    Optional<Relocation> planned = planner.plan(recorded, declared);
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
