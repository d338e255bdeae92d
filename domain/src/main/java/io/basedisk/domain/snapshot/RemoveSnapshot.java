package io.basedisk.domain.snapshot;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.home.FreeingSpace;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.snapshot.Snapshots.Fate;
import io.basedisk.domain.snapshot.Snapshots.Removed;
import java.util.Optional;
import java.util.stream.Stream;
import javax.inject.Inject;

/** Removes a snapshot: its name at once, its content once it is unneeded. Thread-safe. */
final class RemoveSnapshot {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final EventListener listener;
  private final BackingChains chains;
  private final Collector collector;
  private final FreeingSpace freeing;
  private final LogWriter log;

  @Inject
  RemoveSnapshot(
      BaseDiskStore store,
      DiskFiles files,
      EventListener listener,
      BackingChains chains,
      Collector collector,
      FreeingSpace freeing,
      LogWriter log) {
    this.store = store;
    this.files = files;
    this.listener = listener;
    this.chains = chains;
    this.collector = collector;
    this.freeing = freeing;
    this.log = log;
  }

  /** Removes a snapshot as {@link Snapshots#remove} does. */
  Removed run(BoxId box, SnapshotName name) {
    return freeing.run(
        () -> {
          Box known = store.read(view -> RegisteredBoxes.require(view, box));
          BaseDisk snapshot = store.write(tx -> demote(tx, Snapshots.require(tx, box, name)));
          return collect(known, name, snapshot);
        });
  }

  /**
   * Removes a snapshot if its name still belongs to the base that the caller has read. Another
   * process may have removed or renamed it since, and given its name to a new snapshot.
   *
   * @return the removal; empty if the name is free or belongs to another base
   */
  Optional<Removed> runIfUnchanged(BoxId box, SnapshotName name, BaseDiskId base) {
    return freeing.run(
        () -> {
          Box known = store.read(view -> RegisteredBoxes.require(view, box));
          Optional<BaseDisk> snapshot =
              store.write(
                  tx ->
                      Snapshots.find(tx, box, name)
                          .filter(found -> found.id().equals(base))
                          .map(found -> demote(tx, found)));
          return snapshot.map(found -> collect(known, name, found));
        });
  }

  private BaseDisk demote(StoreTransaction tx, BaseDisk snapshot) {
    tx.bases().demoteToCloneBase(snapshot.id());
    tx.pendingDeletes().insertCollectPending(snapshot.id());
    log.append(tx, LoggedChange.of(LogEvent.SNAPSHOT_REMOVED, snapshot));
    return snapshot;
  }

  private Removed collect(Box box, SnapshotName name, BaseDisk snapshot) {
    listener.on(new Event.SnapshotRemoved(Optional.empty(), box.id(), name, snapshot.id()));
    CollectionReport report = collector.collectPending(() -> Snapshots.headersOf(box, chains));
    return new Removed(snapshot.id(), fateOf(snapshot), report);
  }

  private Fate fateOf(BaseDisk snapshot) {
    return store.read(
        view -> {
          if (view.bases().find(snapshot.id()).isEmpty()) {
            return new Fate.Gone();
          }
          return new Fate.Demoted(
              view.references().listDependents(snapshot.id()),
              basesOn(snapshot.id(), view),
              files.allocatedBytes(snapshot.diskInfo().basePath()));
        });
  }

  private static ImmutableList<BaseDiskId> basesOn(BaseDiskId base, StoreView view) {
    return Stream.concat(
            view.bases().listChildren(base).stream().map(BaseDisk::id),
            view.pendingDeletes().listChildren(base).stream().map(DeletingBase::id))
        .collect(ImmutableList.toImmutableList());
  }
}
