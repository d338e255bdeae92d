package io.basedisk.domain.protocol;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.intent.AttachRootfsIntent;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.StoreTransaction;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.inject.Inject;

/** Attaches a guest-rootfs disk to a box, with crash safety: an overlay of a rootfs entry. */
public final class AttachRootfsProtocol extends NewDiskProtocol<AttachRootfsIntent> {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final BackingChains chains;
  private final RandomGenerator random;
  private final InstantSource clock;

  @Inject
  AttachRootfsProtocol(
      BaseDiskStore store,
      DiskFiles files,
      EventListener listener,
      RandomGenerator random,
      InstantSource clock,
      BackingChains chains,
      LogWriter log) {
    super(store, files, listener, log);
    this.store = store;
    this.files = files;
    this.chains = chains;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public Class<AttachRootfsIntent> intentType() {
    return AttachRootfsIntent.class;
  }

  /**
   * Plans the attachment of a disk.
   *
   * @param box the box that gets the disk
   * @param base the base that the disk is an overlay of
   * @param disk the path of the disk
   * @return the intent
   */
  public AttachRootfsIntent plan(BoxClaim box, BaseDiskId base, Path disk) {
    OperationId id = OperationId.mint(random);
    return new AttachRootfsIntent(
        id, box, base, Temporaries.of(id, disk), disk, RecordTimes.now(clock));
  }

  @Override
  Path parent(AttachRootfsIntent intent) {
    return Temporaries.directoryOf(intent.disk());
  }

  @Override
  void record(StoreTransaction tx, AttachRootfsIntent intent) {
    BoxId box = intent.box().box();
    // If the box's owner removed an earlier guest-rootfs disk, its reference is still recorded.
    tx.references().listOf(box).stream()
        .filter(old -> old.slot() == DiskSlot.GUEST_ROOTFS)
        .forEach(stale -> tx.pendingDeletes().insertCollectPending(stale.base()));
    tx.references().put(new Reference(intent.base(), box, DiskSlot.GUEST_ROOTFS));
  }

  @Override
  Event eventOf(AttachRootfsIntent intent) {
    return new Event.RootfsAttached(intent.id(), intent.box().box(), intent.base());
  }

  @Override
  LoggedChange changeOf(AttachRootfsIntent intent) {
    return LoggedChange.of(LogEvent.ROOTFS_ATTACHED).onBase(intent.base());
  }

  /** If the box's container disk is missing too, its file system may be unmounted. */
  @Override
  Optional<String> reasonForDoubt(AttachRootfsIntent intent) {
    Path container =
        store
            .read(view -> view.boxes().find(intent.box().box()))
            .map(box -> box.disk(DiskSlot.CONTAINER))
            .orElseGet(() -> intent.box().disk(DiskSlot.CONTAINER));
    return files.status(container).isPresent()
        ? Optional.empty()
        : Optional.of("the disk of box " + intent.box().box() + " is missing");
  }

  @Override
  boolean isWhatIsMade(AttachRootfsIntent intent) {
    return chains.nearestBase(intent.disk()).filter(intent.base()::equals).isPresent();
  }
}
