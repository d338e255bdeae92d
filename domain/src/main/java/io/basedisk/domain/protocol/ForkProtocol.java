package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.ForkIntent;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Forks a disk, with crash safety: the disk's file becomes a base, and an empty overlay of it takes
 * the disk's name. At every instant the disk's path names a complete disk.
 *
 * <p>The rename of the overlay over the disk is the files' commit point. An operation interrupted
 * before it is rolled back; after it, rolled forward.
 */
public final class ForkProtocol implements Protocol<ForkIntent> {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final ClaimedFiles claimed;
  private final DiskImages images;
  private final BackingChains chains;
  private final ImageLocks imageLocks;
  private final EventListener listener;
  private final BaseSeal seal;
  private final ForkRecording recording;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final LogWriter log;

  @Inject
  ForkProtocol(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      ClaimedFiles claimed,
      DiskImages images,
      ImageLocks imageLocks,
      EventListener listener,
      RandomGenerator random,
      InstantSource clock,
      BackingChains chains,
      BaseSeal seal,
      ForkRecording recording,
      LogWriter log) {
    this.recording = recording;
    this.seal = seal;
    this.home = home;
    this.store = store;
    this.files = files;
    this.claimed = claimed;
    this.images = images;
    this.chains = chains;
    this.imageLocks = imageLocks;
    this.listener = listener;
    this.random = random;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public Class<ForkIntent> intentType() {
    return ForkIntent.class;
  }

  /**
   * Plans the fork of a box's disk into a base and an overlay.
   *
   * @param box the box
   * @param disk the disk
   * @param base the new base
   * @return the intent
   */
  public ForkIntent plan(BoxClaim box, DiskClaim disk, PlannedBase base) {
    OperationId id = OperationId.mint(random);
    return new ForkIntent(
        id,
        box,
        disk,
        base,
        Temporaries.of(id, base.path()),
        Temporaries.of(id, disk.path()),
        Temporaries.rollbackLink(id, disk.path()),
        RecordTimes.now(clock));
  }

  /**
   * Performs the steps after the intent is committed.
   *
   * @param intent the committed intent
   * @param guard a guard of the disk's file, taken before the intent was committed
   * @param virtualSize the disk's virtual size, read under that guard
   * @param progress receives the bytes of the disk's file, if it is copied
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   *     during the copy
   */
  public void run(
      ForkIntent intent, ImageLocks.Guard guard, ByteSize virtualSize, Progress progress) {
    Path disk = intent.disk().path();
    Path overlay = intent.overlay();
    linkOrCopy(intent, progress);
    images.createOverlay(overlay, intent.base().path(), ImageFormat.QCOW2, virtualSize);
    files.copyAttributes(disk, overlay);
    files.sync(overlay);
    files.rename(overlay, disk);
    // A writer that opened the disk before the rename would write to the base: roll back.
    guard.checkNoWriter();
    recording.record(intent, secure(intent, guard));
  }

  @Override
  public Settlement settle(ForkIntent intent) {
    DiskClaim disk = intent.disk();
    Optional<FileIdentity> now = files.status(disk.path()).map(FileStatus::identity);
    if (now.isEmpty()) {
      return new Settlement.Undecided("the disk " + disk.path() + " is not there");
    }
    if (claimed.isClaimed(disk, now.get(), intent.base().path())) {
      return undo(intent);
    }
    if (!backsOntoBase(intent)) {
      return new Settlement.Undecided(
          disk.path() + " is neither the disk that was forked nor an overlay of its base");
    }
    return settleBehindRename(intent);
  }

  private Settlement settleBehindRename(ForkIntent intent) {
    ImageLocks.Guard guard;
    try {
      guard = imageLocks.guard(oldDisk(intent));
    } catch (RefusedException late) {
      return rollBackForWriter(intent, late);
    }
    try (guard) {
      finishRenames(intent);
      ImageHeader header;
      try {
        header = secure(intent, guard);
      } catch (RefusedException | InvalidImageException late) {
        return rollBackForWriter(intent, late);
      }
      recording.record(intent, header);
      return new Settlement.RolledForward();
    }
  }

  /**
   * Rolls back for a writer that has the old disk open or has changed it, unless a process has the
   * overlay open. The overlay is guarded first, so that no process opens it before it loses its
   * name.
   */
  private Settlement rollBackForWriter(ForkIntent intent, BaseDiskException late) {
    Path disk = intent.disk().path();
    try (ImageLocks.Guard overlay = imageLocks.guard(disk)) {
      if (imageLocks.openedBy(disk).isEmpty() && images.isEmptyOverlay(disk)) {
        putBack(intent);
        return undo(intent);
      }
    } catch (RefusedException inUse) {
      late.addSuppressed(inUse);
    }
    return new Settlement.Undecided(
        late.getMessage() + "; and the overlay that took the disk's place is in use too");
  }

  /** {@return a path of the old disk after the rename} */
  private Path oldDisk(ForkIntent intent) {
    Path rollbackLink = intent.rollbackLink();
    return files.status(rollbackLink).isPresent() ? rollbackLink : intent.base().path();
  }

  /** Renames the old disk over the overlay, with the overlay's present attributes. */
  private void putBack(ForkIntent intent) {
    Path disk = intent.disk().path();
    Path rollbackLink = intent.rollbackLink();
    files.copyAttributes(disk, oldDisk(intent));
    if (files.status(rollbackLink).isEmpty()) {
      files.link(intent.base().path(), rollbackLink);
    }
    files.rename(rollbackLink, disk);
    files.sync(Temporaries.directoryOf(disk));
  }

  private void linkOrCopy(ForkIntent intent, Progress progress) {
    DiskClaim disk = intent.disk();
    Path base = intent.base().path();
    if (files.link(disk.path(), base)) {
      if (!claimed.isFile(base, disk.identity())) {
        throw new StorageException(disk.path() + ": another file took its place during the fork");
      }
    } else {
      Path copy = intent.copy();
      keepRollbackLink(intent);
      files.copy(disk.path(), copy, progress);
      files.sync(copy);
      files.rename(copy, base);
      listener.on(new Event.CopiedForFork(intent.id(), disk.path(), base));
    }
    files.sync(Temporaries.directoryOf(base));
  }

  /** If the base is a copy, the rename would delete the old disk: keep a hard link to it. */
  private void keepRollbackLink(ForkIntent intent) {
    Path disk = intent.disk().path();
    if (!files.link(disk, intent.rollbackLink())) {
      throw new RefusedException(
          disk + ": its file system has no hard links, so a failed fork could not be rolled back");
    }
  }

  /**
   * Completes interrupted renames. After a power cut, a renamed file may have both names, or the
   * copy only its old one. The copy was durable before the overlay took the disk's name.
   */
  private void finishRenames(ForkIntent intent) {
    Path base = intent.base().path();
    Path copy = intent.copy();
    if (files.status(base).isEmpty() && files.status(copy).isPresent()) {
      files.rename(copy, base);
    }
    files.remove(copy);
    files.remove(intent.overlay());
    files.sync(Temporaries.directoryOf(base));
  }

  /**
   * Makes the rename durable and the base immutable. Repeatable.
   *
   * @return the base's header
   * @throws RefusedException if a process has the base open for writing
   * @throws InvalidImageException if the disk's owner changed the file, so that it is not the
   *     planned base
   */
  private ImageHeader secure(ForkIntent intent, ImageLocks.Guard guard) {
    Path disk = intent.disk().path();
    Path base = intent.base().path();
    Path rollbackLink = intent.rollbackLink();
    // A rollback link exists only if the disk was copied. Otherwise the base is the old disk.
    boolean isCopied = files.status(rollbackLink).isPresent();
    if (!isCopied) {
      // Sync before the base loses its write permission: base and old disk are the same file, and a
      // power cut must not leave the disk's path naming a read-only file.
      files.sync(Temporaries.directoryOf(disk));
    }
    seal.seal(intent.base(), base, intent.base().parentId(), intent.startedAt());
    // Until the seal, the disk's owner may have opened the old file.
    guard.checkNoWriter();
    ImageHeader header = images.readHeader(base);
    if (!standsOn(base, header, intent.base().parentId())) {
      throw new InvalidImageException(disk + ": its header was changed during the fork");
    }
    if (isCopied) {
      files.remove(rollbackLink);
      files.sync(Temporaries.directoryOf(disk));
    }
    return header;
  }

  private boolean standsOn(Path base, ImageHeader header, @Nullable BaseDiskId parent) {
    if (parent == null) {
      return header.backing() == null;
    }
    return chains.standsOn(base, header, home.baseFile(parent))
        || store
            .read(view -> view.bases().find(parent))
            .filter(recorded -> chains.standsOn(base, header, recorded.diskInfo().basePath()))
            .isPresent();
  }

  private Settlement undo(ForkIntent intent) {
    DiskClaim disk = intent.disk();
    Path base = intent.base().path();
    // The disk's path names the old file now. Make that durable before removing the base, which an
    // overlay that a power cut brings back would need.
    files.sync(Temporaries.directoryOf(disk.path()));
    files.remove(intent.overlay());
    Optional<String> doubt = seal.reasonToStay(intent.base());
    if (doubt.isPresent()) {
      return new Settlement.Undecided(doubt.get());
    }
    files.remove(intent.rollbackLink());
    files.remove(intent.copy());
    files.remove(base);
    files.sync(
        ImmutableList.of(Temporaries.directoryOf(disk.path()), Temporaries.directoryOf(base)));
    store.change(
        tx -> {
          log.append(tx, intent, LogEvent.ROLLED_BACK);
          tx.intents().delete(intent.id());
        });
    return new Settlement.RolledBack();
  }

  private boolean backsOntoBase(ForkIntent intent) {
    try {
      return chains.reaches(intent.disk().path(), intent.base().path());
    } catch (InvalidImageException | NotFoundException e) {
      return false;
    }
  }
}
