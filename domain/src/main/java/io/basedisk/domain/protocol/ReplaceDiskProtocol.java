package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.ReplaceDiskIntent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.Guards;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.StoreTransaction;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The common steps of a restore and a compaction: another image takes the disk's name, and the old
 * disk is deleted. At every instant the disk's path names a complete disk.
 *
 * <p>The rename of the new image over the disk is the files' commit point: an operation interrupted
 * before it is rolled back; after it, rolled forward. Until the operation is complete, the old disk
 * keeps a second name, the rollback link: a writer may have it open or have written to it.
 */
abstract sealed class ReplaceDiskProtocol<I extends ReplaceDiskIntent> implements Protocol<I>
    permits RestoreProtocol, CompactProtocol {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final ClaimedFiles claimed;
  private final BackingChains chains;
  private final ImageLocks imageLocks;
  private final EventListener listener;
  private final LogWriter log;

  ReplaceDiskProtocol(
      BaseDiskStore store,
      DiskFiles files,
      ClaimedFiles claimed,
      ImageLocks imageLocks,
      EventListener listener,
      BackingChains chains,
      LogWriter log) {
    this.store = store;
    this.files = files;
    this.claimed = claimed;
    this.chains = chains;
    this.imageLocks = imageLocks;
    this.listener = listener;
    this.log = log;
  }

  // What differs between the operations.

  /**
   * Prepares the complete new image, so that {@link #isNewEmptyOverlay} can detect a write to it.
   */
  abstract void prepare(I intent, Path image);

  /**
   * {@return whether the old disk is unchanged since the operation read it} It has lost its name
   * and no process has it open, but a process may have had it open after the read.
   */
  abstract boolean isOldEmptyOverlay(I intent);

  /** {@return whether the new disk is unchanged since the operation made it} */
  abstract boolean isNewEmptyOverlay(I intent);

  /** {@return the event of the completed operation} */
  abstract Event eventOf(I intent);

  /** {@return the change by the completed operation, without its cause and its boxes} */
  abstract LoggedChange changeOf(StoreTransaction tx, I intent);

  /**
   * Performs the steps after the intent is committed.
   *
   * @param intent the committed intent
   * @param guard a guard of all disks' files, taken before the intent was committed
   * @param makeImage makes the new image at the given path
   */
  public void run(I intent, ImageLocks.Guard guard, Consumer<Path> makeImage) {
    Path disk = intent.disk().path();
    Path image = intent.image();
    keepRollbackLink(intent);
    makeImage.accept(image);
    files.copyAttributes(disk, image);
    prepare(intent, image);
    files.sync(image);
    files.rename(image, disk);
    // The writes of a process that opened the old disk before the rename would be lost: roll back.
    guard.checkNoWriter();
    if (!isOldEmptyOverlay(intent)) {
      throw wasWritten(intent);
    }
    complete(intent);
  }

  private RefusedException wasWritten(I intent) {
    return new RefusedException(
        intent.disk().path() + ": was written to during the operation",
        new Remedy.EndUse(intent.disk().path()));
  }

  @Override
  public Settlement settle(I intent) {
    Path disk = intent.disk().path();
    Optional<FileIdentity> now = files.status(disk).map(FileStatus::identity);
    if (now.isEmpty()) {
      return new Settlement.Undecided("the disk " + disk + " is missing");
    }
    if (claimed.isClaimed(intent.disk(), now.get(), intent.rollbackLink())) {
      undo(intent);
      return new Settlement.RolledBack();
    }
    if (!standsOnTheNewBase(intent)) {
      return new Settlement.Undecided(disk + " is neither the old disk nor its replacement");
    }
    return settleBehindRename(intent);
  }

  private Settlement settleBehindRename(I intent) {
    ImmutableList<Path> old = oldFiles(intent);
    if (files.status(intent.rollbackLink()).isEmpty() || old.size() < 1 + intent.dropped().size()) {
      // These files are deleted only after the check for writers: no need to repeat it.
      return completeForward(intent);
    }
    ImageLocks.Guard guard;
    try {
      guard = Guards.of(imageLocks, old);
    } catch (RefusedException late) {
      return rollBackForWriter(intent, late);
    }
    try (guard) {
      if (isOldEmptyOverlay(intent)) {
        return completeForward(intent);
      }
    }
    return rollBackForWriter(intent, wasWritten(intent));
  }

  private Settlement completeForward(I intent) {
    // After a power cut, the renamed image may have both names.
    files.remove(intent.image());
    complete(intent);
    return new Settlement.RolledForward();
  }

  /**
   * Rolls back for a writer that has the old disk open, unless a process has the new one open or
   * has written to it. The new disk is guarded first, so that no process opens it before it loses
   * its name.
   */
  private Settlement rollBackForWriter(I intent, RefusedException late) {
    Path disk = intent.disk().path();
    try (ImageLocks.Guard guard = imageLocks.guard(disk)) {
      if (imageLocks.openedBy(disk).isEmpty() && isNewEmptyOverlay(intent)) {
        files.rename(intent.rollbackLink(), disk);
        undo(intent);
        return new Settlement.RolledBack();
      }
    } catch (RefusedException inUse) {
      late.addSuppressed(inUse);
    }
    return new Settlement.Undecided(
        late.getMessage() + "; and the disk that took its place is in use or written to as well");
  }

  private void keepRollbackLink(I intent) {
    DiskClaim disk = intent.disk();
    if (!files.link(disk.path(), intent.rollbackLink())) {
      throw new RefusedException(
          disk.path()
              + ": its file system has no hard links, so a failure could not be rolled back");
    }
    if (!claimed.isFile(intent.rollbackLink(), disk.identity())) {
      throw new StorageException(
          disk.path() + ": another file took its place during the operation");
    }
  }

  /** Completes the operation after the rename. Repeatable from the start. */
  private void complete(I intent) {
    if (!intent.dropped().isEmpty()) {
      // Sync before deleting the other disks: a power cut must not bring the old disk back without
      // them.
      files.sync(Temporaries.directoryOf(intent.disk().path()));
    }
    oldFiles(intent).forEach(files::remove);
    files.sync(directories(intent));
    store.change(tx -> commit(tx, intent));
    listener.on(eventOf(intent));
  }

  private void commit(StoreTransaction tx, I intent) {
    BoxId box = intent.box().box();
    for (DiskClaim disk : intent.disks()) {
      tx.references().listOf(box).stream()
          .filter(old -> old.slot() == disk.slot())
          .forEach(old -> tx.pendingDeletes().insertCollectPending(old.base()));
      tx.references().delete(box, disk.slot());
    }
    tx.references().put(new Reference(intent.base(), box, intent.disk().slot()));
    log.append(tx, intent, changeOf(tx, intent));
    tx.intents().delete(intent.id());
  }

  private void undo(I intent) {
    // The disk's path names the old file now. Make that durable before removing the file's other
    // name.
    files.sync(Temporaries.directoryOf(intent.disk().path()));
    files.remove(intent.image());
    files.remove(intent.rollbackLink());
    files.sync(Temporaries.directoryOf(intent.disk().path()));
    store.change(
        tx -> {
          // The base may be collect-pending, kept only by this intent.
          tx.pendingDeletes().insertCollectPending(intent.base());
          log.append(tx, intent, LogEvent.ROLLED_BACK);
          tx.intents().delete(intent.id());
        });
  }

  // The state of the files.

  /** {@return those files that a completed replacement deletes and that still exist} */
  private ImmutableList<Path> oldFiles(I intent) {
    ImmutableList.Builder<Path> old = ImmutableList.builder();
    for (DiskClaim disk : intent.dropped()) {
      // Compares inode numbers: some file systems get another device number at each mount.
      if (files
          .status(disk.path())
          .filter(status -> status.identity().inode() == disk.identity().inode())
          .isPresent()) {
        old.add(disk.path());
      }
    }
    if (files.status(intent.rollbackLink()).isPresent()) {
      old.add(intent.rollbackLink());
    }
    return old.build();
  }

  private ImmutableList<Path> directories(I intent) {
    return intent.disks().stream()
        .map(disk -> Temporaries.directoryOf(disk.path()))
        .collect(ImmutableSet.toImmutableSet())
        .asList();
  }

  private boolean standsOnTheNewBase(I intent) {
    try {
      return chains.nearestBase(intent.disk().path()).equals(Optional.of(intent.base()));
    } catch (InvalidImageException | NotFoundException e) {
      return false;
    }
  }
}
