package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.intent.NewDiskIntent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.StoreTransaction;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The common steps of an import and of a guest-rootfs attachment: a disk gets its name when it is
 * complete.
 *
 * <p>The disk is made under a temporary name, made durable, and renamed. The rename is the files'
 * commit point: an operation interrupted before it is rolled back; after it, rolled forward. So a
 * disk is never removed once it has had the name that VMs open, because a guest may have written to
 * it.
 */
abstract sealed class NewDiskProtocol<I extends NewDiskIntent> implements Protocol<I>
    permits ImportBoxProtocol, AttachRootfsProtocol {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final EventListener listener;
  private final LogWriter log;

  NewDiskProtocol(BaseDiskStore store, DiskFiles files, EventListener listener, LogWriter log) {
    this.store = store;
    this.files = files;
    this.listener = listener;
    this.log = log;
  }

  // What differs between the operations.

  /** {@return the existing directory in which the operation creates its first file or directory} */
  abstract Path parent(I intent);

  /** Records the disk. */
  abstract void record(StoreTransaction tx, I intent);

  /** {@return the event of the completed operation} */
  abstract Event eventOf(I intent);

  /** {@return the change by the completed operation, without its cause and its boxes} */
  abstract LoggedChange changeOf(I intent);

  /** {@return why a missing disk may exist on an unmounted file system; empty if it can't} */
  abstract Optional<String> reasonForDoubt(I intent);

  /**
   * {@return whether the image at the disk's path may be the one that this operation makes}
   *
   * @throws InvalidImageException if it is not a valid image
   * @throws NotFoundException if an image in its chain is missing
   */
  abstract boolean isWhatIsMade(I intent);

  /**
   * Performs the steps after the intent is committed.
   *
   * @param intent the committed intent
   * @param makeDisk makes the disk at the given path
   */
  public void run(I intent, Consumer<Path> makeDisk) {
    for (Path directory : intent.newDirectories()) {
      files.createDirectory(directory, HomeLayout.PASS_THROUGH_MODE);
    }
    Path made = intent.temporary();
    makeDisk.accept(made);
    files.sync(made);
    if (files.status(intent.disk()).isPresent()) {
      throw new AlreadyExistsException(
          intent.disk() + ": another process made this file during the operation");
    }
    files.rename(made, intent.disk());
    complete(intent);
  }

  @Override
  public Settlement settle(I intent) {
    Optional<String> doubt = reasonForDoubt(intent);
    if (doubt.isPresent()) {
      return new Settlement.Undecided(doubt.get());
    }
    Optional<FileIdentity> disk = identity(intent.disk());
    if (disk.isEmpty()) {
      undo(intent);
      return new Settlement.RolledBack();
    }
    Optional<FileIdentity> made = identity(intent.temporary());
    if ((made.isPresent() && !made.equals(disk)) || !isReadableAndMade(intent)) {
      return new Settlement.Undecided(intent.disk() + " is not the disk that was to be made");
    }
    // After a power cut, the renamed file may have both names.
    files.remove(intent.temporary());
    complete(intent);
    return new Settlement.RolledForward();
  }

  private boolean isReadableAndMade(I intent) {
    try {
      return isWhatIsMade(intent);
    } catch (InvalidImageException | NotFoundException e) {
      return false;
    }
  }

  /** Completes the operation after the rename. Repeatable from the start. */
  private void complete(I intent) {
    files.sync(
        ImmutableList.<Path>builder()
            .addAll(intent.newDirectories().reverse())
            .add(parent(intent))
            .build());
    store.change(
        tx -> {
          record(tx, intent);
          log.append(tx, intent, changeOf(intent));
          tx.intents().delete(intent.id());
        });
    listener.on(eventOf(intent));
  }

  private void undo(I intent) {
    for (Path file : intent.createdFiles().reverse()) {
      files.remove(file);
    }
    files.sync(parent(intent));
    store.change(
        tx -> {
          // The base may be collect-pending, kept only by this intent.
          intent.bases().forEach(tx.pendingDeletes()::insertCollectPending);
          log.append(tx, intent, LogEvent.ROLLED_BACK);
          tx.intents().delete(intent.id());
        });
  }

  private Optional<FileIdentity> identity(Path file) {
    return files.status(file).map(FileStatus::identity);
  }
}
