package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.StoreTransaction;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The steps that an import and the attachment of a guest-rootfs disk have in common: a disk gets
 * its name when it is whole.
 *
 * <p>The disk is made under a temporary name and made durable, and then renamed. The rename is the
 * files' commit point: before it, settling rolls back; after it, forward. So a disk that ever had
 * the name by which VMs open it is never removed: a guest may have written to it.
 */
abstract sealed class NewDiskProtocol<I extends Intent.NewDisk> implements Protocol<I>
    permits ImportBoxProtocol, AttachRootfsProtocol {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final EventListener listener;

  NewDiskProtocol(BaseDiskStore store, DiskFiles files, EventListener listener) {
    this.store = store;
    this.files = files;
    this.listener = listener;
  }

  // How the operations differ.

  /** Returns the existing directory in which the operation creates the first name. */
  abstract Path parent(I intent);

  /** Records the disk. */
  abstract void record(StoreTransaction tx, I intent);

  /** Returns the event of the completed operation. */
  abstract Event eventOf(I intent);

  /** Returns why a disk that is not there may have been made all the same, being out of sight. */
  abstract Optional<String> reasonForDoubt(I intent);

  /**
   * Returns whether the image that has the disk's name may be what this operation makes.
   *
   * @throws InvalidImageException if it is no valid image
   * @throws NotFoundException if an image that it backs onto is not there
   */
  abstract boolean isWhatIsMade(I intent);

  /**
   * Takes the steps from the committed intent to its end.
   *
   * @param makeDisk makes the disk at the path that it is given
   */
  public void run(I intent, Consumer<Path> makeDisk) {
    for (Path directory : intent.newDirectories()) {
      files.createDirectory(directory, HomeLayout.PASS_THROUGH_MODE);
    }
    Path made = intent.temporary();
    makeDisk.accept(made);
    files.sync(made);
    if (files.status(intent.disk()).isPresent()) {
      throw new AlreadyExistsException(intent.disk() + ": was made by somebody else meanwhile");
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
      return new Settlement.Back();
    }
    Optional<FileIdentity> made = identity(intent.temporary());
    if ((made.isPresent() && !made.equals(disk)) || !isReadableAndMade(intent)) {
      return new Settlement.Undecided(intent.disk() + " is not the disk that was to be made");
    }
    // A power cut may have left both names of the rename.
    files.remove(intent.temporary());
    complete(intent);
    return new Settlement.Forward();
  }

  private boolean isReadableAndMade(I intent) {
    try {
      return isWhatIsMade(intent);
    } catch (InvalidImageException | NotFoundException e) {
      return false;
    }
  }

  /** Everything after the rename; it can be repeated from the start. */
  private void complete(I intent) {
    files.sync(
        ImmutableList.<Path>builder()
            .addAll(intent.newDirectories().reverse())
            .add(parent(intent))
            .build());
    store.change(
        tx -> {
          record(tx, intent);
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
          // The base may have waited for this intent alone.
          intent.bases().forEach(tx.pendingDeletes()::insertCollectPending);
          tx.intents().delete(intent.id());
        });
  }

  private Optional<FileIdentity> identity(Path file) {
    return files.status(file).map(FileStatus::identity);
  }
}
