package io.basedisk.domain.collect;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import io.basedisk.domain.disk.FileSizes;
import io.basedisk.domain.gc.CollectionPlan;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.gc.HeaderSurvey;
import io.basedisk.domain.home.FreeingSpace;
import io.basedisk.domain.home.HomeGate;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.protocol.Operations;
import io.basedisk.domain.protocol.Orphans;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Deletes all unneeded bases of a home, after reading every header of the home. Thread-safe. */
@Singleton
public final class GarbageCollection {

  private final BaseDiskStore store;
  private final EventListener listener;
  private final FileSizes fileSizes;
  private final ImageLocks imageLocks;
  private final Operations operations;
  private final Collector collector;
  private final FreeingSpace freeing;
  private final HomeGate gate;
  private final HomeLayout home;
  private final HeaderSurvey survey;
  private final Orphans orphans;
  private final LogWriter log;

  @Inject
  GarbageCollection(
      BaseDiskStore store,
      EventListener listener,
      FileSizes fileSizes,
      ImageLocks imageLocks,
      HomeLayout home,
      HeaderSurvey survey,
      Orphans orphans,
      HomeGate gate,
      Operations operations,
      Collector collector,
      FreeingSpace freeing,
      LogWriter log) {
    this.store = store;
    this.listener = listener;
    this.fileSizes = fileSizes;
    this.imageLocks = imageLocks;
    this.operations = operations;
    this.collector = collector;
    this.freeing = freeing;
    this.gate = gate;
    this.home = home;
    this.survey = survey;
    this.orphans = orphans;
    this.log = log;
  }

  /**
   * What a collection does in addition to deleting unneeded bases.
   *
   * @param releasesHolds whether it releases all holds; holds of imports are always released
   * @param orphanGrace how long an orphan must be unchanged before it is discarded; null to keep
   *     all orphans
   */
  public record Scope(boolean releasesHolds, @Nullable Duration orphanGrace) {

    /** Deletes unneeded bases only. */
    public static final Scope DEFAULT = new Scope(false, null);
  }

  /**
   * The result of a collection of the whole home, or of its plan.
   *
   * @param bases the deleted and the kept bases
   * @param orphans the kept orphans: files that no record or intent names
   * @param discarded the deleted orphans
   */
  public record Report(
      CollectionReport bases, ImmutableList<Path> orphans, ImmutableList<Path> discarded) {}

  /**
   * Collects as {@link #collect(Scope, Progress)} does, without progress.
   *
   * @param scope what to do in addition
   * @return what was deleted, and what was kept
   */
  public Report collect(Scope scope) {
    return collect(scope, Progress.NONE);
  }

  /**
   * Deletes all unneeded bases.
   *
   * @param scope what to do in addition
   * @param progress receives the number of bases and boxes whose headers were read
   * @return what was deleted, and what was kept
   * @throws io.basedisk.domain.error.HomeUnusableException if the home may not be changed
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     its interrupt status stays set. What was deleted until then stays deleted; a later
   *     operation collects the rest.
   */
  public Report collect(Scope scope, Progress progress) {
    return freeing.run(() -> collectAll(scope, progress));
  }

  private Report collectAll(Scope scope, Progress progress) {
    gate.requireChangeable();
    operations.recover();
    release(scope);
    HeaderEvidence evidence = readHeaders(progress);
    ImmutableList<Path> discarded =
        scope.orphanGrace() == null
            ? ImmutableList.of()
            : orphans.discard(scope.orphanGrace(), evidence);
    CollectionPlan plan = plan(evidence);
    Lists.partition(plan.collectable(), BaseDiskStore.BATCH).forEach(this::noteAsPending);
    CollectionReport done = collector.collectInterruptibly(() -> evidence);
    Map<BaseDiskId, KeepReason> kept = new LinkedHashMap<>(plan.kept());
    kept.putAll(done.kept());
    kept.keySet().removeAll(done.collected());
    return new Report(
        new CollectionReport(
            done.collected(),
            done.freedBytes(),
            plan.kept().keySet().containsAll(kept.keySet())
                ? ImmutableMap.copyOf(kept)
                : newestFirst(kept)),
        orphans.find(),
        discarded);
  }

  /**
   * {@return the kept bases, newest first; of equal times, by id} A collection may keep a base that
   * its plan did not. A base without a record comes last.
   */
  private ImmutableMap<BaseDiskId, KeepReason> newestFirst(Map<BaseDiskId, KeepReason> kept) {
    Map<BaseDiskId, Instant> createdAt =
        store.read(
            view -> {
              Map<BaseDiskId, Instant> found = new HashMap<>();
              for (BaseDiskId id : kept.keySet()) {
                view.bases().find(id).ifPresent(base -> found.put(id, base.createdAt()));
              }
              return found;
            });
    return CollectionPlan.newestFirst(kept, id -> createdAt.getOrDefault(id, Instant.MIN));
  }

  /**
   * {@return the result that {@link #collect} would have now, and changes nothing}
   *
   * @param scope what to do in addition
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     its interrupt status stays set
   */
  public Report plan(Scope scope) {
    HeaderEvidence evidence = readHeaders(Progress.NONE);
    ImmutableList<Path> discardable =
        Optional.ofNullable(scope.orphanGrace())
            .map(grace -> orphans.findDiscardable(grace, evidence))
            .orElse(ImmutableList.of());
    discardable.forEach(evidence::forget);
    ImmutableList<DeletingBase> going = store.read(view -> view.pendingDeletes().list());
    going.forEach(base -> evidence.forget(base.path()));
    CollectionPlan plan = plan(evidence);
    ImmutableList<BaseDiskId> all =
        Stream.concat(going.stream().map(DeletingBase::id), plan.collectable().stream())
            .collect(ImmutableList.toImmutableList());
    return new Report(
        new CollectionReport(all, bytesOf(all), plan.kept()),
        orphans.find().stream()
            .filter(orphan -> !discardable.contains(orphan))
            .collect(ImmutableList.toImmutableList()),
        discardable);
  }

  private void release(Scope scope) {
    ImmutableList<Hold> released =
        store.read(view -> view.holds().list()).stream()
            .filter(hold -> scope.releasesHolds() || hold.reason() == Hold.Reason.IMPORTED)
            .collect(ImmutableList.toImmutableList());
    if (!released.isEmpty()) {
      store.change(tx -> released.forEach(hold -> release(tx, hold)));
    }
  }

  private void release(StoreTransaction tx, Hold hold) {
    tx.holds().delete(hold);
    log.append(
        tx,
        LoggedChange.of(LogEvent.HOLD_RELEASED)
            .onBase(hold.base())
            .detailed(hold.reason().label() + (hold.path() == null ? "" : " " + hold.path())));
    if (tx.bases().find(hold.base()).isPresent()) {
      tx.pendingDeletes().insertCollectPending(hold.base());
    }
  }

  private HeaderEvidence readHeaders(Progress progress) {
    HeaderEvidence evidence = survey.runInterruptibly(progress);
    evidence.reportUnread(listener);
    return evidence;
  }

  private void noteAsPending(List<BaseDiskId> bases) {
    store.change(
        tx ->
            bases.stream()
                .filter(id -> tx.bases().find(id).isPresent())
                .forEach(tx.pendingDeletes()::insertCollectPending));
  }

  private CollectionPlan plan(HeaderEvidence evidence) {
    return store.read(view -> CollectionPlan.of(home, view, evidence, imageLocks::openedBy));
  }

  private long bytesOf(ImmutableList<BaseDiskId> bases) {
    return bases.stream().map(home::baseFile).mapToLong(fileSizes::allocatedBytes).sum();
  }
}
