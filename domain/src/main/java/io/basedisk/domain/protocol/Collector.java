package io.basedisk.domain.protocol;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.PartAwayException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.CollectionPolicy;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.gc.Holders;
import io.basedisk.domain.gc.Verdict;
import io.basedisk.domain.home.HomeGate;
import io.basedisk.domain.home.MountedParts;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Cause;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.StoreTransaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Collects bases that are no longer needed, with crash safety.
 *
 * <p>For each base: one transaction checks what still needs the base, removes its record and leaves
 * a deleting row; then the file is deleted; then one transaction drops the deleting row and checks
 * the parent. This is a loop, not a recursion, so chains of any length work.
 *
 * <p>A collection needs no intent. If it stops at any step, the deleting and collect-pending rows
 * say what is left, and a later collection by any process continues. Thread-safe.
 */
@Singleton
public final class Collector {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final ImageLocks imageLocks;
  private final EventListener listener;
  private final HomeGate gate;
  private final MountedParts parts;
  private final LogWriter log;

  @Inject
  Collector(
      MountedParts parts,
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      ImageLocks imageLocks,
      EventListener listener,
      HomeGate gate,
      LogWriter log) {
    this.gate = gate;
    this.parts = parts;
    this.home = home;
    this.store = store;
    this.files = files;
    this.imageLocks = imageLocks;
    this.listener = listener;
    this.log = log;
  }

  /**
   * Collects the collect-pending bases and all bases that this frees, and finishes earlier,
   * interrupted collections.
   *
   * @param evidence reads the headers that may still need a base. Called only if the store would
   *     let a base go.
   * @return what was collected, and what was kept and why
   */
  public CollectionReport collectPending(Supplier<HeaderEvidence> evidence) {
    return collectAfter(null, evidence);
  }

  /**
   * Collects as {@link #collectPending} does, after an operation, whose id the events carry.
   *
   * @param cause the operation; null for none
   * @param evidence as for {@link #collectPending}
   * @return what was collected, and what was kept and why
   */
  public CollectionReport collectAfter(@Nullable Cause cause, Supplier<HeaderEvidence> evidence) {
    return collect(new Run(cause, evidence, () -> {}));
  }

  /**
   * Collects as {@link #collectPending} does, until an interrupt.
   *
   * @param evidence as for {@link #collectPending}
   * @return what was collected, and what was kept and why
   * @throws InterruptedOperationException if the thread is interrupted; its interrupt status stays
   *     set, and a later collection continues
   */
  public CollectionReport collectInterruptibly(Supplier<HeaderEvidence> evidence) {
    return collect(
        new Run(
            null,
            evidence,
            () ->
                InterruptedOperationException.throwIfInterrupted(
                    () -> "the collection was interrupted")));
  }

  private CollectionReport collect(Run run) {
    gate.requireChangeable();
    run.rounds(
        store.read(
            view -> {
              run.judge(view.pendingDeletes().listCollectPending());
              return view.pendingDeletes().list();
            }));
    return run.report();
  }

  /**
   * Removes a base of any kind, and all bases that this frees. The file of a foreign base stays.
   *
   * @param id the base
   * @param evidence every header of the home
   * @return what was collected
   * @throws NotFoundException if there is no such base
   * @throws RefusedException if the base is still needed; nothing has changed then
   * @throws PartAwayException if the bases may be on a file system that is not mounted
   */
  public CollectionReport remove(BaseDiskId id, HeaderEvidence evidence) {
    Run run = new Run(null, () -> evidence, () -> {});
    gate.requireChangeable();
    boolean isAway = parts.isAway(id);
    String openedBy = imageLocks.openedBy(home.baseFile(id)).orElse(null);
    Optional<DeletingBase> removed =
        store.write(
            tx -> {
              BaseDisk base =
                  tx.bases()
                      .find(id)
                      .orElseThrow(
                          () ->
                              new NotFoundException(
                                  "no base " + id, new Remedy.NameBase(id.value())));
              boolean isForeign = base.diskInfo().isForeign();
              if (isAway && !isForeign) {
                throw new PartAwayException(home.bases());
              }
              Holders holders =
                  Holders.of(id, tx, evidence).andOpenedBy(isForeign ? null : openedBy);
              if (CollectionPolicy.verdictOnRemoval(base, holders, home)
                  instanceof Verdict.Keep keep) {
                throw new RefusedException(
                    "base " + id + " stays: " + keep.reason().describe(),
                    new Remedy.SeeDependents(id.value()));
              }
              if (isForeign) {
                dropRecord(tx, base);
                return Optional.empty();
              }
              return Optional.of(
                  startDeleting(tx, LoggedChange.of(LogEvent.BASE_REMOVED, base), base));
            });
    if (removed.isEmpty()) {
      run.gaveBack(id);
    }
    run.judge(store.read(view -> view.pendingDeletes().listCollectPending()));
    run.rounds(removed.stream().collect(ImmutableList.toImmutableList()));
    return run.report();
  }

  /** Removes the record of a foreign base, whose file stays. */
  private void dropRecord(StoreTransaction tx, BaseDisk base) {
    tx.bases().delete(base.id());
    log.append(
        tx,
        LoggedChange.of(LogEvent.GIVEN_BACK, base).detailed(base.diskInfo().basePath().toString()));
    if (base.parentId() != null && tx.bases().find(base.parentId()).isPresent()) {
      tx.pendingDeletes().insertCollectPending(base.parentId());
    }
  }

  private DeletingBase startDeleting(StoreTransaction tx, LoggedChange change, BaseDisk base) {
    DeletingBase deleting =
        new DeletingBase(base.id(), base.diskInfo().basePath(), base.parentId());
    tx.bases().delete(base.id());
    tx.pendingDeletes().insert(deleting);
    log.append(tx, change);
    return deleting;
  }

  /** One collection: in each round, bases lose their records, which may free their parents. */
  private final class Run {

    private final @Nullable Cause cause;
    private final Optional<OperationId> operation;
    private final Supplier<HeaderEvidence> evidence;
    private final Runnable beforeRound;
    private final List<BaseDiskId> collected = new ArrayList<>();
    private final Map<BaseDiskId, KeepReason> kept = new LinkedHashMap<>();

    /** The bases to check in the next rounds. */
    private final Set<BaseDiskId> toJudge = new LinkedHashSet<>();

    private long freedBytes;

    /**
     * @param beforeRound called before each round; may throw to end the collection
     */
    Run(@Nullable Cause cause, Supplier<HeaderEvidence> evidence, Runnable beforeRound) {
      this.cause = cause;
      this.operation = Optional.ofNullable(cause).map(Cause::id);
      this.beforeRound = beforeRound;
      this.evidence = Suppliers.memoize(evidence::get);
    }

    /** Adds bases to check. */
    void judge(Collection<BaseDiskId> bases) {
      toJudge.addAll(bases);
    }

    /** Adds a foreign base whose record was removed. */
    void gaveBack(BaseDiskId foreign) {
      collected.add(foreign);
      listener.on(new Event.GivenBack(foreign));
    }

    /** Deletes the files of {@code first}, then runs rounds until no base is freed. */
    void rounds(ImmutableList<DeletingBase> first) {
      ImmutableList<DeletingBase> deleting = first;
      do {
        beforeRound.run();
        deleteFiles(deleting);
        deleting = startNextRound(deleting);
      } while (!deleting.isEmpty() || !toJudge.isEmpty());
      kept.forEach((base, reason) -> listener.on(new Event.Kept(operation, base, reason)));
    }

    CollectionReport report() {
      return new CollectionReport(
          ImmutableList.copyOf(collected), freedBytes, ImmutableMap.copyOf(kept));
    }

    private void deleteFiles(ImmutableList<DeletingBase> deleting) {
      if (deleting.isEmpty()) {
        return;
      }
      Map<BaseDiskId, Long> freed = new LinkedHashMap<>();
      for (DeletingBase base : deleting) {
        if (!base.path().equals(home.baseFile(base.id()))) {
          // The row's path is outside the home: its file and the row stay, and doctor reports them.
          kept.put(base.id(), new KeepReason.IsOutside(base.path()));
          continue;
        }
        evidence.get().forget(base.path());
        freed.put(base.id(), files.remove(base.path()));
      }
      files.sync(home.bases());
      freed.forEach(
          (base, bytes) -> {
            collected.add(base);
            freedBytes += bytes;
            listener.on(new Event.Collected(operation, base, bytes));
          });
    }

    /**
     * Drops the deleting rows of {@code done}, and removes the records of the next batch's bases
     * that are not needed.
     */
    private ImmutableList<DeletingBase> startNextRound(ImmutableList<DeletingBase> done) {
      done.stream().map(DeletingBase::parentId).filter(Objects::nonNull).forEach(this::judgeAgain);
      ImmutableList<BaseDiskId> batch = takeBatch();
      if (done.isEmpty() && batch.isEmpty()) {
        return ImmutableList.of();
      }
      // Asks for open files before the transaction starts, because other writers wait for it.
      Map<BaseDiskId, Optional<String>> openedBy = new LinkedHashMap<>();
      batch.forEach(id -> openedBy.put(id, imageLocks.openedBy(home.baseFile(id))));
      ImmutableSet<BaseDiskId> away =
          batch.stream().filter(parts::isAway).collect(ImmutableSet.toImmutableSet());
      HeaderEvidence headers = evidence.get();
      return store.write(
          tx -> {
            done.stream()
                .filter(base -> !kept.containsKey(base.id()))
                .forEach(base -> finish(tx, base));
            ImmutableList.Builder<DeletingBase> next = ImmutableList.builder();
            openedBy.forEach(
                (id, who) ->
                    tx.bases()
                        .find(id)
                        .filter(
                            base ->
                                base.diskInfo().isForeign() || !away.contains(id) || isKeptAway(id))
                        .filter(
                            base ->
                                isCollectable(
                                    base,
                                    Holders.of(id, tx, headers).andOpenedBy(who.orElse(null)),
                                    tx))
                        .ifPresent(base -> next.add(collect(tx, base))));
            return next.build();
          });
    }

    private DeletingBase collect(StoreTransaction tx, BaseDisk base) {
      return startDeleting(tx, LoggedChange.of(LogEvent.COLLECTED, base).causedBy(cause), base);
    }

    private void judgeAgain(BaseDiskId id) {
      kept.remove(id);
      toJudge.add(id);
    }

    private ImmutableList<BaseDiskId> takeBatch() {
      ImmutableList<BaseDiskId> batch =
          toJudge.stream().limit(BaseDiskStore.BATCH).collect(ImmutableList.toImmutableList());
      batch.forEach(toJudge::remove);
      return batch;
    }

    private void finish(StoreTransaction tx, DeletingBase base) {
      tx.pendingDeletes().delete(base.id());
      if (base.parentId() != null && tx.bases().find(base.parentId()).isPresent()) {
        tx.pendingDeletes().insertCollectPending(base.parentId());
      }
    }

    /** A base of an unmounted file system is checked again when the home is opened next. */
    private boolean isKeptAway(BaseDiskId id) {
      kept.put(id, new KeepReason.IsAway(home.baseFile(id)));
      return false;
    }

    private boolean isCollectable(BaseDisk base, Holders holders, StoreTransaction tx) {
      if (CollectionPolicy.verdict(base, holders, home) instanceof Verdict.Keep keep) {
        kept.put(base.id(), keep.reason());
        if (keep.reason().endsWithNotice()) {
          tx.pendingDeletes().deleteCollectPending(base.id());
        }
        return false;
      }
      return true;
    }
  }
}
