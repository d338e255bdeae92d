package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.RestoreIntent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.StoreTransaction;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import javax.inject.Inject;

/**
 * Restores a box, with crash safety: an empty overlay of a snapshot replaces the container disk,
 * and the box's other disks are deleted.
 */
public final class RestoreProtocol extends ReplaceDiskProtocol<RestoreIntent> {

  private final DiskImages images;
  private final RandomGenerator random;
  private final InstantSource clock;

  @Inject
  RestoreProtocol(
      BaseDiskStore store,
      DiskFiles files,
      ClaimedFiles claimed,
      BackingChains chains,
      ImageLocks imageLocks,
      EventListener listener,
      DiskImages images,
      RandomGenerator random,
      InstantSource clock,
      LogWriter log) {
    super(store, files, claimed, imageLocks, listener, chains, log);
    this.images = images;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public Class<RestoreIntent> intentType() {
    return RestoreIntent.class;
  }

  /**
   * Plans the restore of a box.
   *
   * @param box the box
   * @param disk the container disk
   * @param dropped the other disks of the box
   * @param snapshot the snapshot's base
   * @return the intent
   */
  public RestoreIntent plan(
      BoxClaim box, DiskClaim disk, ImmutableList<DiskClaim> dropped, BaseDiskId snapshot) {
    OperationId id = OperationId.mint(random);
    return new RestoreIntent(
        id,
        box,
        disk,
        dropped,
        snapshot,
        Temporaries.of(id, disk.path()),
        Temporaries.rollbackLink(id, disk.path()),
        RecordTimes.now(clock));
  }

  /** Nothing to prepare: a write to an empty overlay shows in its content. */
  @Override
  void prepare(RestoreIntent intent, Path image) {}

  /** Always true: the old disk's content is discarded, so a write to it does not matter. */
  @Override
  boolean isOldEmptyOverlay(RestoreIntent intent) {
    return true;
  }

  @Override
  boolean isNewEmptyOverlay(RestoreIntent intent) {
    return images.isEmptyOverlay(intent.disk().path());
  }

  @Override
  Event eventOf(RestoreIntent intent) {
    return new Event.Restored(intent.id(), intent.box().box(), intent.base());
  }

  @Override
  LoggedChange changeOf(StoreTransaction tx, RestoreIntent intent) {
    return LoggedChange.of(LogEvent.RESTORED)
        .onBase(intent.base())
        .named(tx.bases().find(intent.base()).flatMap(BaseDisk::snapshotName).orElse(null));
  }
}
