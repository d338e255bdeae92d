package io.basedisk.domain.protocol;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.Intent.BoxClaim;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.Ports;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A disk that gets its name when it is whole, step by step: the disk of a new box, with the content
 * of an image; or the guest-rootfs disk of a box.
 *
 * <p>The disk is made under a temporary name and made durable, and then renamed. The rename is the
 * files' commit point: before it, settling goes back; after it, forward. So a disk that ever had
 * the name by which VMs open it is never removed: a guest may have written to it.
 */
public final class NewDiskProtocol implements Protocol {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final BackingChains chains;
  private final EventListener listener;
  private final Operation operation;

  /**
   * @param operation {@link Operation#IMPORT_BOX} or {@link Operation#ATTACH_ROOTFS}
   */
  public NewDiskProtocol(Ports ports, BackingChains chains, Operation operation) {
    checkArgument(operation == Operation.IMPORT_BOX || operation == Operation.ATTACH_ROOTFS);
    this.home = ports.home();
    this.store = ports.store();
    this.files = ports.files();
    this.images = ports.images();
    this.chains = chains;
    this.listener = ports.listener();
    this.operation = operation;
  }

  @Override
  public Operation operation() {
    return operation;
  }

  /** Returns the directories and files of a new box in this home, and the temporary of its disk. */
  public static ImmutableList<Path> filesOfNewBox(OperationId id, HomeLayout home, BoxId box) {
    Path disk = home.disksDirectory(box).resolve(DiskSlot.CONTAINER.fileName());
    return ImmutableList.<Path>builder()
        .add(home.boxDirectory(box), home.disksDirectory(box))
        .addAll(filesOfNewDisk(id, disk))
        .build();
  }

  /** Returns the temporary of a new disk, and the disk. */
  public static ImmutableList<Path> filesOfNewDisk(OperationId id, Path disk) {
    return ImmutableList.of(Temporaries.of(id, disk), disk);
  }

  /**
   * Takes the steps from the committed intent to its end.
   *
   * @param makeDisk makes the disk at the path that it is given
   */
  public void run(Intent intent, Consumer<Path> makeDisk) {
    for (Path directory : newDirectories(intent)) {
      files.createDirectory(directory, HomeLayout.PASS_THROUGH_MODE);
    }
    Path made = temporary(intent);
    makeDisk.accept(made);
    files.sync(made);
    if (files.status(disk(intent)).isPresent()) {
      throw new AlreadyExistsException(disk(intent) + ": was made by somebody else meanwhile");
    }
    files.rename(made, disk(intent));
    complete(intent);
  }

  @Override
  public Settlement settle(Intent intent) {
    if (!isBoxThere(intent)) {
      return new Settlement.Undecided("the disk of box " + box(intent).box() + " is not there");
    }
    Optional<FileIdentity> disk = identity(disk(intent));
    if (disk.isEmpty()) {
      undo(intent);
      return new Settlement.Back();
    }
    Optional<FileIdentity> made = identity(temporary(intent));
    if ((made.isPresent() && !made.equals(disk)) || !isWhatIsMade(intent)) {
      return new Settlement.Undecided(disk(intent) + " is not the disk that was to be made");
    }
    // A power cut may have left both names of the rename.
    files.remove(temporary(intent));
    complete(intent);
    return new Settlement.Forward();
  }

  /** Whether a disk that is not there was not made, rather than being out of sight. */
  private boolean isBoxThere(Intent intent) {
    return operation == Operation.IMPORT_BOX
        || files.status(box(intent).disk(DiskSlot.CONTAINER)).isPresent();
  }

  private boolean isWhatIsMade(Intent intent) {
    try {
      return operation == Operation.IMPORT_BOX
          ? images.readHeader(disk(intent)).backing() == null
          : chains.nearestBase(disk(intent)).filter(intent.bases()::contains).isPresent();
    } catch (InvalidImageException | NotFoundException e) {
      return false;
    }
  }

  /** Everything after the rename; it can be repeated from the start. */
  private void complete(Intent intent) {
    files.sync(directories(intent));
    BoxClaim claim = box(intent);
    store.<Boolean>write(
        tx -> {
          if (operation == Operation.IMPORT_BOX) {
            tx.insertBox(new Box(claim.box(), claim.disksDir(), intent.startedAt()));
          } else {
            // Somebody may have removed a disk of that name, which left its reference.
            tx.referencesOf(claim.box()).stream()
                .filter(old -> old.slot() == DiskSlot.GUEST_ROOTFS)
                .forEach(stale -> tx.insertCollectPending(stale.base()));
            tx.putReference(new Reference(base(intent), claim.box(), DiskSlot.GUEST_ROOTFS));
          }
          tx.removeIntent(intent.id());
          return true;
        });
    listener.on(
        operation == Operation.IMPORT_BOX
            ? new Event.BoxCreated(intent.id(), claim.box())
            : new Event.RootfsAttached(intent.id(), claim.box(), base(intent)));
  }

  private void undo(Intent intent) {
    for (Path file : intent.files().reverse()) {
      files.remove(file);
    }
    ImmutableSet<Path> created = ImmutableSet.copyOf(newDirectories(intent));
    files.sync(
        directories(intent).stream()
            .filter(directory -> !created.contains(directory))
            .collect(ImmutableList.toImmutableList()));
    store.<Boolean>write(
        tx -> {
          // The base may have waited for this intent alone.
          intent.bases().forEach(tx::insertCollectPending);
          tx.removeIntent(intent.id());
          return true;
        });
  }

  // What the intent says, and what its files are now.

  private static BoxClaim box(Intent intent) {
    return intent.onlyBox();
  }

  private static BaseDiskId base(Intent intent) {
    return intent.bases().iterator().next();
  }

  private static Path disk(Intent intent) {
    return intent.files().get(intent.files().size() - 1);
  }

  private static Path temporary(Intent intent) {
    return Temporaries.of(intent.id(), disk(intent));
  }

  private static ImmutableList<Path> newDirectories(Intent intent) {
    return intent.files().subList(0, intent.files().size() - 2);
  }

  /** Returns the directories in which names change. */
  private ImmutableList<Path> directories(Intent intent) {
    ImmutableList.Builder<Path> directories = ImmutableList.builder();
    directories.addAll(newDirectories(intent).reverse());
    directories.add(
        operation == Operation.IMPORT_BOX ? home.boxes() : checkNotNull(disk(intent).getParent()));
    return directories.build();
  }

  private Optional<FileIdentity> identity(Path file) {
    return files.status(file).map(FileStatus::identity);
  }
}
