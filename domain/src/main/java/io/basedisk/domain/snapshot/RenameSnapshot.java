package io.basedisk.domain.snapshot;

import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.protocol.UnclaimedRecords;
import java.util.Optional;
import javax.inject.Inject;

/** Renames a snapshot: its record, and no file. Thread-safe. */
final class RenameSnapshot {

  private final UnclaimedRecords records;
  private final EventListener listener;
  private final LogWriter log;

  @Inject
  RenameSnapshot(UnclaimedRecords records, EventListener listener, LogWriter log) {
    this.records = records;
    this.listener = listener;
    this.log = log;
  }

  /** Renames a snapshot as {@link Snapshots#rename} does, and returns its base. */
  BaseDiskId run(BoxId box, SnapshotName name, SnapshotName newName) {
    BaseDiskId base =
        records.<BaseDiskId>change(
            intent -> claimOn(intent, box, newName), tx -> rename(tx, box, name, newName));
    listener.on(new Event.SnapshotRenamed(box, name, newName, base));
    return base;
  }

  /** A snapshot that is being taken has its name already: its commit must not fail. */
  private static Optional<String> claimOn(Intent intent, BoxId box, SnapshotName newName) {
    return intent
        .plannedBase()
        .filter(planned -> planned.sourceBoxId().equals(box))
        .map(PlannedBase::name)
        .filter(newName::equals)
        .map(taken -> "the name " + taken + " of a snapshot of box " + box);
  }

  private BaseDiskId rename(
      StoreTransaction tx, BoxId box, SnapshotName name, SnapshotName newName) {
    RegisteredBoxes.require(tx, box);
    BaseDisk snapshot = Snapshots.require(tx, box, name);
    if (tx.bases().findByName(box, newName).isPresent()) {
      throw new AlreadyExistsException(
          "box " + box + " has a snapshot " + newName + " already",
          new Remedy.ChooseSnapshotName(box.value(), newName.value()));
    }
    tx.bases().rename(snapshot.id(), newName);
    log.append(
        tx,
        LoggedChange.of(LogEvent.SNAPSHOT_RENAMED, snapshot)
            .named(newName)
            .detailed("was " + name));
    return snapshot.id();
  }
}
