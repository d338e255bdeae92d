package io.basedisk.domain.box;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.box.Boxes.Forgotten;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.protocol.UnclaimedRecords;
import java.util.Optional;
import javax.inject.Inject;

/** Unregisters a box and leaves its disks, with a hold on each base that they need. Thread-safe. */
final class ForgetBox {

  private final UnclaimedRecords records;
  private final BackingChains chains;
  private final Collector collector;
  private final EventListener listener;
  private final LogWriter log;

  @Inject
  ForgetBox(
      UnclaimedRecords records,
      BackingChains chains,
      Collector collector,
      EventListener listener,
      LogWriter log) {
    this.records = records;
    this.chains = chains;
    this.collector = collector;
    this.listener = listener;
    this.log = log;
  }

  /** The changes of the transaction. */
  private record Unregistered(
      Box box, ImmutableList<BaseDisk> snapshots, ImmutableList<BaseDiskId> held) {}

  /** Forgets a box as {@link Boxes#forget} does. */
  Forgotten run(BoxId box, SnapshotsOnRemoval snapshots) {
    ImmutableSet<BoxId> names = ImmutableSet.of(box);
    Unregistered done =
        records.<Unregistered>change(
            intent -> UnclaimedRecords.claimOn(intent, names),
            tx -> unregister(tx, box, snapshots));
    done.snapshots()
        .forEach(
            snapshot ->
                listener.on(
                    new Event.SnapshotRemoved(
                        Optional.empty(),
                        box,
                        snapshot.snapshotName().orElse(null),
                        snapshot.id())));
    listener.on(new Event.BoxForgotten(box, done.box().disksDir()));
    CollectionReport report =
        collector.collectPending(
            () -> HeaderEvidence.read(chains, done.box().disks().values().asList()));
    return new Forgotten(box, done.box().disk(DiskSlot.CONTAINER), done.held(), report);
  }

  /**
   * Replaces the box's references by holds. The same transaction does both, so that its bases are
   * kept at every moment.
   */
  private Unregistered unregister(StoreTransaction tx, BoxId id, SnapshotsOnRemoval snapshots) {
    Box box = RegisteredBoxes.require(tx, id);
    ImmutableList<BaseDisk> dropped = SnapshotsOfBox.drop(tx, id, snapshots);
    for (Reference reference : tx.references().listOf(id)) {
      tx.holds()
          .insert(
              new Hold(reference.base(), Hold.Reason.FORGOTTEN_BOX, box.disk(reference.slot())));
    }
    ImmutableList<BaseDiskId> held = tx.references().deleteOf(id);
    tx.boxes().delete(id);
    log.append(tx, SnapshotsOfBox.logged(dropped, null));
    log.append(
        tx,
        LoggedChange.of(LogEvent.BOX_FORGOTTEN).on(id).detailed("disks stay in " + box.disksDir()));
    return new Unregistered(box, dropped, held);
  }
}
