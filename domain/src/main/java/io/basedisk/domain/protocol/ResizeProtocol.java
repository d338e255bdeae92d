package io.basedisk.domain.protocol;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.ResizeIntent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.ImageLocks;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.inject.Inject;

/**
 * Grows a disk in place, with crash safety. The image itself switches to the new size in one step,
 * which is the commit point: whatever a crash leaves, the disk is whole, with the old or the new
 * size. The intent keeps other operations away from the disk until the change is durable.
 */
public final class ResizeProtocol implements Protocol<ResizeIntent> {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final EventListener listener;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final LogWriter log;

  @Inject
  ResizeProtocol(
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      ImageLocks imageLocks,
      EventListener listener,
      RandomGenerator random,
      InstantSource clock,
      LogWriter log) {
    this.store = store;
    this.files = files;
    this.images = images;
    this.imageLocks = imageLocks;
    this.listener = listener;
    this.random = random;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public Class<ResizeIntent> intentType() {
    return ResizeIntent.class;
  }

  /**
   * Plans the growth of a box's disk.
   *
   * @param box the box
   * @param disk the disk
   * @param virtualSize the new virtual size, more than the present one
   * @return the intent
   */
  public ResizeIntent plan(BoxClaim box, DiskClaim disk, ByteSize virtualSize) {
    return new ResizeIntent(
        OperationId.mint(random), box, disk, virtualSize, RecordTimes.now(clock));
  }

  /**
   * Performs the steps after the intent is committed.
   *
   * @param intent the committed intent
   * @param guard a guard of the disk's file, taken before the intent was committed
   * @throws RefusedException if a process has the disk open, or its file was replaced
   */
  public void run(ResizeIntent intent, ImageLocks.Guard guard) {
    DiskClaim disk = intent.disk();
    guard.checkNoWriter();
    // A reader has the old tables in its cache, and the next writer may use their space.
    imageLocks
        .openedBy(disk.path())
        .ifPresent(
            user -> {
              throw new RefusedException(disk.path() + " is " + user);
            });
    images.grow(disk.path(), disk.identity().inode(), intent.virtualSize());
    drop(intent, resized(intent));
    listener.on(new Event.Resized(intent.id(), intent.box().box(), intent.virtualSize()));
  }

  @Override
  public Settlement settle(ResizeIntent intent) {
    Path disk = intent.disk().path();
    Optional<FileIdentity> now = files.status(disk).map(FileStatus::identity);
    if (now.isEmpty()) {
      return new Settlement.Undecided("the disk " + disk + " is missing");
    }
    // Compares inode numbers: some file systems get another device number at each mount.
    if (now.get().inode() != intent.disk().identity().inode()) {
      return new Settlement.Undecided(disk + " is not the disk that was resized");
    }
    long size;
    try {
      size = images.readHeader(disk).virtualSize();
    } catch (InvalidImageException e) {
      return new Settlement.Undecided(String.valueOf(e.getMessage()));
    }
    // A crash in the growth may have left the header's last write in memory alone.
    files.sync(disk);
    if (size < intent.virtualSize().bytes()) {
      drop(intent, LoggedChange.of(LogEvent.ROLLED_BACK));
      return new Settlement.RolledBack();
    }
    drop(intent, resized(intent));
    return new Settlement.RolledForward();
  }

  private static LoggedChange resized(ResizeIntent intent) {
    return LoggedChange.of(LogEvent.RESIZED)
        .detailed("to " + intent.virtualSize().bytes() + " bytes");
  }

  private void drop(ResizeIntent intent, LoggedChange change) {
    store.change(
        tx -> {
          log.append(tx, intent, change);
          tx.intents().delete(intent.id());
        });
  }
}
