package io.basedisk.domain.protocol;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileVersion;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.CompactIntent;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.StoreTransaction;
import java.nio.file.Path;
import java.time.InstantSource;
import javax.inject.Inject;

/**
 * Compacts a disk, with crash safety: an image with the same content and a shorter chain replaces
 * the disk, unless the disk was written to after it was read.
 */
public final class CompactProtocol extends ReplaceDiskProtocol<CompactIntent> {

  private final DiskFiles files;
  private final InstantSource clock;

  @Inject
  CompactProtocol(
      BaseDiskStore store,
      DiskFiles files,
      ClaimedFiles claimed,
      BackingChains chains,
      ImageLocks imageLocks,
      EventListener listener,
      InstantSource clock,
      LogWriter log) {
    super(store, files, claimed, imageLocks, listener, chains, log);
    this.files = files;
    this.clock = clock;
  }

  @Override
  public Class<CompactIntent> intentType() {
    return CompactIntent.class;
  }

  /**
   * Plans the compaction of a box's container disk.
   *
   * @param id made by the caller, because the collection after the compaction has the same id
   * @param box the box
   * @param disk the container disk
   * @param version the disk's version before it is read
   * @param base the base that stays below the disk
   * @return the intent
   */
  public CompactIntent plan(
      OperationId id, BoxClaim box, DiskClaim disk, FileVersion version, BaseDiskId base) {
    return new CompactIntent(
        id,
        box,
        disk,
        version,
        base,
        Temporaries.of(id, disk.path()),
        Temporaries.rollbackLink(id, disk.path()),
        RecordTimes.now(clock));
  }

  /**
   * Gives the new image the modification time of the old disk, which is in the past. A write to the
   * new image changes it, so the write shows even after this process has died.
   */
  @Override
  void prepare(CompactIntent intent, Path image) {
    files.setModifiedAt(image, intent.version().modifiedAt());
  }

  @Override
  boolean isOldEmptyOverlay(CompactIntent intent) {
    return files
        .status(intent.rollbackLink())
        .map(FileStatus::version)
        .filter(intent.version()::equals)
        .isPresent();
  }

  @Override
  boolean isNewEmptyOverlay(CompactIntent intent) {
    return files
        .status(intent.disk().path())
        .filter(status -> status.modifiedAt().equals(intent.version().modifiedAt()))
        .isPresent();
  }

  @Override
  Event eventOf(CompactIntent intent) {
    return new Event.Compacted(intent.id(), intent.box().box(), intent.base());
  }

  @Override
  LoggedChange changeOf(StoreTransaction tx, CompactIntent intent) {
    return LoggedChange.of(LogEvent.COMPACTED).onBase(intent.base());
  }
}
