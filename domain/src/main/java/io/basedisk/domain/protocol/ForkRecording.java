package io.basedisk.domain.protocol;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.chain.KnownBases;
import io.basedisk.domain.disk.BoxRegistration;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.ForkIntent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.StoreTransaction;
import java.nio.file.Path;
import java.time.Instant;
import javax.inject.Inject;

/**
 * Records a fork in the store: the base, the reference of the forked disk and, if the box was
 * unknown, the box. Thread-safe.
 */
final class ForkRecording {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final BackingChains chains;
  private final EventListener listener;
  private final LogWriter log;

  @Inject
  ForkRecording(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      BackingChains chains,
      EventListener listener,
      LogWriter log) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.chains = chains;
    this.listener = listener;
    this.log = log;
  }

  /**
   * Records a fork whose base is secured, and deletes its intent. Repeatable from the start.
   *
   * @param intent the intent
   * @param header the base's header
   */
  void record(ForkIntent intent, ImageHeader header) {
    DiskClaim disk = intent.disk();
    Path base = intent.base().path();
    // Syncs the base's content too: its guest may have left some of it unflushed.
    files.sync(base);
    FileStatus file = statusOf(base);
    BaseDisk record = intent.base().recordOf(file, header, intent.startedAt());
    boolean isNew = store.write(tx -> commit(tx, intent, record, file.modifiedAt()));
    if (isNew) {
      listener.on(
          new Event.BoxRegistered(intent.id(), intent.box().box(), intent.box().disksDir()));
    }
    listener.on(new Event.Forked(intent.id(), record, disk.path()));
  }

  /** Commits the fork. Returns whether the box was unknown before. */
  private boolean commit(
      StoreTransaction tx, ForkIntent intent, BaseDisk base, Instant modifiedAt) {
    BoxClaim claim = intent.box();
    DiskSlot slot = intent.disk().slot();
    tx.bases().insert(base);
    tx.bases().putFingerprint(base.id(), new BaseFingerprint(modifiedAt, null));
    boolean isNew = tx.boxes().find(claim.box()).isEmpty();
    if (isNew) {
      register(tx, slot, base, intent);
      log.append(tx, intent, LoggedChange.of(LogEvent.BOX_REGISTERED));
    }
    tx.references().listOf(claim.box()).stream()
        .filter(old -> old.slot() == slot && !old.base().equals(base.parentId()))
        .forEach(stale -> tx.pendingDeletes().insertCollectPending(stale.base()));
    tx.references().put(new Reference(base.id(), claim.box(), slot));
    log.append(tx, intent, LoggedChange.of(LogEvent.FORKED, base));
    tx.intents().delete(intent.id());
    return isNew;
  }

  /** Registers a box that was unknown before, with the references of its other disks. */
  private void register(
      StoreTransaction tx, DiskSlot forked, BaseDisk forkedTo, ForkIntent intent) {
    BoxClaim claim = intent.box();
    Box box = Box.found(home, claim.box(), claim.disksDir(), intent.startedAt());
    tx.boxes().insert(box);
    if (forkedTo.parentId() != null) {
      BoxRegistration.releaseHold(tx, forkedTo.parentId(), box.disk(forked));
    }
    for (DiskSlot slot : DiskSlot.values()) {
      Path disk = box.disk(slot);
      if (slot != forked && files.status(disk).isPresent()) {
        chains
            .nearestBase(disk, KnownBases.in(tx, home))
            .ifPresent(base -> BoxRegistration.putReference(tx, box, slot, base));
      }
    }
  }

  private FileStatus statusOf(Path base) {
    return files
        .status(base)
        .orElseThrow(() -> new StorageException(base + ": the new base is missing"));
  }
}
