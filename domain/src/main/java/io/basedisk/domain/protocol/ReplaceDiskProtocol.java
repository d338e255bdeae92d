package io.basedisk.domain.protocol;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileVersion;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.Intent.DiskClaim;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.StoreTransaction;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The restore or the compaction of a disk, step by step: another image takes the disk's name, and
 * what was there goes. At every instant that name is a complete disk.
 *
 * <p>The first disk of the intent is the one that is replaced, and the one base that it names is
 * what the new image stands on; any other disks of the intent go, since they belong to what was.
 *
 * <p>The rename of the new image over the disk is the files' commit point: before it, settling goes
 * back; after it, forward. Until the operation is complete the old disk keeps a second name, the
 * way back if a writer turns out to have it open, or to have written to it.
 */
public final class ReplaceDiskProtocol implements Protocol {

  private final Operation operation;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final ClaimedFiles claimed;
  private final DiskImages images;
  private final BackingChains chains;
  private final ImageLocks imageLocks;
  private final EventListener listener;

  /**
   * @param operation {@link Operation#RESTORE} or {@link Operation#COMPACT}
   */
  public ReplaceDiskProtocol(Operation operation, Ports ports, BackingChains chains) {
    this.operation = operation;
    this.store = ports.store();
    this.files = ports.files();
    this.claimed = new ClaimedFiles(files);
    this.images = ports.images();
    this.chains = chains;
    this.imageLocks = ports.imageLocks();
    this.listener = ports.listener();
  }

  @Override
  public Operation operation() {
    return operation;
  }

  /** Returns the files that a replacement creates: the new image, and the old disk's other name. */
  public static ImmutableList<Path> createdFiles(OperationId id, Path disk) {
    return ImmutableList.of(Temporaries.of(id, disk), Temporaries.wayBack(id, disk));
  }

  /**
   * Takes the steps from the committed intent to its end.
   *
   * @param guard of the files of all disks as they were before the intent committed
   * @param makeImage makes the new image at the path that it is given
   */
  public void run(Intent intent, ImageLocks.Guard guard, Consumer<Path> makeImage) {
    Path disk = replaced(intent).path();
    keepWayBack(intent);
    Path image = newImage(intent);
    makeImage.accept(image);
    files.copyAttributes(disk, image);
    markUnwritten(intent, image);
    files.sync(image);
    files.rename(image, disk);
    // If a writer opened the old disk before the rename, its writes would be lost: settling goes
    // back.
    guard.checkNoWriter();
    if (!isOldUnwritten(intent)) {
      throw wasWritten(intent);
    }
    complete(intent);
  }

  /**
   * Gives the new image the time of the old disk, which is past: whoever writes to it, now or after
   * this process has died, gives it another.
   */
  private void markUnwritten(Intent intent, Path image) {
    FileVersion version = replaced(intent).version();
    if (version != null) {
      files.setModifiedAt(image, version.modifiedAt());
    }
  }

  /**
   * Returns whether the old disk is what was copied, if that makes a difference. Nobody can reach
   * it any more, and nobody has it open; but somebody may have had, in between.
   */
  private boolean isOldUnwritten(Intent intent) {
    FileVersion version = replaced(intent).version();
    return version == null
        || files
            .status(wayBack(intent))
            .map(FileStatus::version)
            .filter(version::equals)
            .isPresent();
  }

  private static RefusedException wasWritten(Intent intent) {
    return new RefusedException(replaced(intent).path() + ": was written to meanwhile");
  }

  @Override
  public Settlement settle(Intent intent) {
    Path disk = replaced(intent).path();
    Optional<FileIdentity> now = files.status(disk).map(FileStatus::identity);
    if (now.isEmpty()) {
      return new Settlement.Undecided("the disk " + disk + " is not there");
    }
    if (claimed.isClaimed(replaced(intent), now.get(), wayBack(intent))) {
      undo(intent);
      return new Settlement.Back();
    }
    if (!standsOnTheNewBase(intent)) {
      return new Settlement.Undecided(
          disk + " is neither the disk that was to be replaced nor what was to replace it");
    }
    return settleBehindRename(intent);
  }

  private Settlement settleBehindRename(Intent intent) {
    ImmutableList<Path> old = oldFiles(intent);
    if (files.status(wayBack(intent)).isEmpty() || old.size() < 1 + dropped(intent).size()) {
      // The check for writers was passed before the first of these files went.
      return completeForward(intent);
    }
    ImageLocks.Guard guard;
    try {
      guard = Guards.of(imageLocks, old);
    } catch (RefusedException late) {
      return goBackForWriter(intent, late);
    }
    try (guard) {
      if (isOldUnwritten(intent)) {
        return completeForward(intent);
      }
    }
    return goBackForWriter(intent, wasWritten(intent));
  }

  private Settlement completeForward(Intent intent) {
    // A power cut may have left the new image both names of the rename.
    files.remove(newImage(intent));
    complete(intent);
    return new Settlement.Forward();
  }

  /**
   * Gives a disk back to the writer that has it open, unless somebody has the new one by now:
   * guarded first, so that nobody starts on it before it loses its name.
   */
  private Settlement goBackForWriter(Intent intent, RefusedException late) {
    Path disk = replaced(intent).path();
    try (ImageLocks.Guard guard = imageLocks.guard(disk)) {
      if (imageLocks.openedBy(disk).isEmpty() && isNewUnwritten(intent)) {
        files.rename(wayBack(intent), disk);
        undo(intent);
        return new Settlement.Back();
      }
    } catch (RefusedException inUse) {
      late.addSuppressed(inUse);
    }
    return new Settlement.Undecided(
        late.getMessage() + "; and the disk that took its place is in use or written to as well");
  }

  private boolean isNewUnwritten(Intent intent) {
    Path disk = replaced(intent).path();
    FileVersion version = replaced(intent).version();
    if (version == null) {
      return images.isUnwritten(disk);
    }
    return files
        .status(disk)
        .filter(status -> status.modifiedAt().equals(version.modifiedAt()))
        .isPresent();
  }

  private void keepWayBack(Intent intent) {
    DiskClaim disk = replaced(intent);
    if (!files.link(disk.path(), wayBack(intent))) {
      throw new RefusedException(
          disk.path() + ": its file system has no hard links, so there would be no way back");
    }
    if (!claimed.isFile(wayBack(intent), disk.identity())) {
      throw new StorageException(disk.path() + ": another file took its place meanwhile");
    }
  }

  /** Everything after the rename; it can be repeated from the start. */
  private void complete(Intent intent) {
    if (!dropped(intent).isEmpty()) {
      // Before the other disks go: a power cut must not leave the old disk without them.
      files.sync(directoryOf(replaced(intent).path()));
    }
    oldFiles(intent).forEach(files::remove);
    files.sync(directories(intent));
    store.<Boolean>write(
        tx -> {
          commit(tx, intent);
          return true;
        });
    BoxId box = intent.onlyBox().box();
    listener.on(
        operation == Operation.COMPACT
            ? new Event.Compacted(intent.id(), box, newBase(intent))
            : new Event.Restored(intent.id(), box, newBase(intent)));
  }

  private static void commit(StoreTransaction tx, Intent intent) {
    BoxId box = intent.onlyBox().box();
    for (DiskClaim disk : intent.disks()) {
      tx.referencesOf(box).stream()
          .filter(old -> old.slot() == disk.slot())
          .forEach(old -> tx.insertCollectPending(old.base()));
      tx.removeReference(box, disk.slot());
    }
    tx.putReference(new Reference(newBase(intent), box, replaced(intent).slot()));
    tx.removeIntent(intent.id());
  }

  private void undo(Intent intent) {
    // The disk's name is the old file, here and now; it must be so after a power cut too before its
    // other name goes.
    files.sync(directoryOf(replaced(intent).path()));
    files.remove(newImage(intent));
    files.remove(wayBack(intent));
    files.sync(directoryOf(replaced(intent).path()));
    store.<Boolean>write(
        tx -> {
          // The base may have waited for this intent alone.
          intent.bases().forEach(tx::insertCollectPending);
          tx.removeIntent(intent.id());
          return true;
        });
  }

  // What the intent says, and what its files are now.

  private static DiskClaim replaced(Intent intent) {
    return intent.disks().get(0);
  }

  private static ImmutableList<DiskClaim> dropped(Intent intent) {
    return intent.disks().subList(1, intent.disks().size());
  }

  private static BaseDiskId newBase(Intent intent) {
    return intent.bases().iterator().next();
  }

  private static Path newImage(Intent intent) {
    return Temporaries.of(intent.id(), replaced(intent).path());
  }

  private static Path wayBack(Intent intent) {
    return Temporaries.wayBack(intent.id(), replaced(intent).path());
  }

  /** Returns the files that go with a completed replacement, as far as they are still there. */
  private ImmutableList<Path> oldFiles(Intent intent) {
    ImmutableList.Builder<Path> old = ImmutableList.builder();
    for (DiskClaim disk : dropped(intent)) {
      // By its inode number: some file systems have another device number after each mount.
      if (files
          .status(disk.path())
          .filter(status -> status.identity().inode() == disk.identity().inode())
          .isPresent()) {
        old.add(disk.path());
      }
    }
    if (files.status(wayBack(intent)).isPresent()) {
      old.add(wayBack(intent));
    }
    return old.build();
  }

  private static ImmutableList<Path> directories(Intent intent) {
    return intent.disks().stream()
        .map(disk -> directoryOf(disk.path()))
        .collect(ImmutableSet.toImmutableSet())
        .asList();
  }

  private boolean standsOnTheNewBase(Intent intent) {
    try {
      return chains.nearestBase(replaced(intent).path()).equals(Optional.of(newBase(intent)));
    } catch (InvalidImageException | NotFoundException e) {
      return false;
    }
  }

  private static Path directoryOf(Path path) {
    return checkNotNull(path.getParent());
  }
}
