package io.basedisk.domain.box;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.FileOwner;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.protocol.CreateBoxesProtocol.NewDisks;
import javax.inject.Inject;
import javax.inject.Provider;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** The boxes of a home: creates, lists and removes them. Thread-safe. */
@Singleton
public final class Boxes {

  /** What the removal of a box does with its snapshots. */
  public enum SnapshotsOnRemoval {
    /** Refuse to remove a box that has snapshots. */
    REFUSE,
    /** Remove them too; each is deleted once it is unneeded. */
    REMOVE
  }

  private final BaseDiskStore store;
  private final BoxListing listing;
  private final Provider<NewBoxes> newBoxes;
  private final Provider<ImportBox> importBox;
  private final Provider<RemoveBox> removeBox;

  @Inject
  Boxes(
      BaseDiskStore store,
      BoxListing listing,
      Provider<NewBoxes> newBoxes,
      Provider<ImportBox> importBox,
      Provider<RemoveBox> removeBox) {
    this.store = store;
    this.listing = listing;
    this.newBoxes = newBoxes;
    this.importBox = importBox;
    this.removeBox = removeBox;
  }

  /**
   * Creates a box with an empty disk in this home.
   *
   * @param box its id
   * @param virtualSize the size that its guest sees; rounded up to a multiple of 512, as qemu-img
   *     does
   * @return the new box
   * @throws AlreadyExistsException if the box, or its directory, exists
   * @throws io.basedisk.domain.error.InvalidArgumentException if a disk can't have that size
   */
  public BoxDetails create(BoxId box, ByteSize virtualSize) {
    newBoxes
        .get()
        .create(
            ImmutableList.of(box),
            new NewDisks(null, virtualSize.roundedUpTo(ByteSize.SECTOR), null, null));
    return get(box);
  }

  /**
   * Creates a box in this home whose disk is an empty overlay of a base of any kind.
   *
   * @param box its id
   * @param base the base
   * @param virtualSize the size that its guest sees, rounded up to a multiple of 512, not less than
   *     the base's; null for the base's
   * @return the new box
   * @throws NotFoundException if there is no such base
   * @throws AlreadyExistsException if the box, or its directory, exists
   * @throws InvalidArgumentException if the size is less than the base's, or no disk can have it
   */
  public BoxDetails createOnBase(BoxId box, BaseDiskId base, @Nullable ByteSize virtualSize) {
    return createOnBase(box, base, virtualSize, null);
  }

  /**
   * Creates a box as {@link #createOnBase(BoxId, BaseDiskId, ByteSize)} does, and gives the disk to
   * a user, because a base does not tell as which user the VM runs.
   *
   * @param box its id
   * @param base the base
   * @param virtualSize the size that its guest sees; null for the base's
   * @param owner the owner of the disk; null for the user of this process
   * @return the new box
   * @throws StorageException also if the disk can't be given to that user; no box is created then
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #createOnBase(BoxId, BaseDiskId,
   *     ByteSize)}
   */
  public BoxDetails createOnBase(
      BoxId box, BaseDiskId base, @Nullable ByteSize virtualSize, @Nullable FileOwner owner) {
    BaseDisk found =
        store.read(
            view ->
                view.bases()
                    .find(base)
                    .orElseThrow(() -> new NotFoundException("no base " + base)));
    newBoxes.get().createOnBase(box, found, virtualSize, owner, tx -> {});
    return get(box);
  }

  /**
   * Creates a box in this home whose disk has the content of an image. The disk is flat: it needs
   * neither the image nor its backing files. Only backing files that the source allows are opened,
   * and under a disk or a base of this home its bases too. The box appears when its disk is
   * complete and durable.
   *
   * @param box its id
   * @param source the image
   * @param virtualSize the size that its guest sees, rounded up to a multiple of 512, not less than
   *     the image's; null for the image's
   * @param progress gets the bytes read
   * @return the new box
   * @throws NotFoundException if there is no such image
   * @throws io.basedisk.domain.error.UnallowedFileException if the image names a file that is not
   *     allowed
   * @throws InvalidImageException if it is not a readable image
   * @throws RefusedException if a process has one of its files open for writing
   * @throws AlreadyExistsException if the box, or its directory, exists
   * @throws InvalidArgumentException if the size is less than the image's, or no disk can have it
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   */
  public BoxDetails createFromImage(
      BoxId box, ImageSource source, @Nullable ByteSize virtualSize, Progress progress) {
    importBox.get().run(box, source, virtualSize, progress);
    return get(box);
  }

  /**
   * {@return a box}
   *
   * @param box its id
   * @throws NotFoundException if there is no such box
   */
  public BoxDetails get(BoxId box) {
    return listing.get(box);
  }

  /** {@return every box, newest first} */
  public ImmutableList<BoxDetails> list() {
    return listing.list();
  }

  /**
   * Removes a box with its disks, and collects what that frees. A file at a disk's path that is not
   * a regular file with one name only loses that name, and a directory with content stays; {@link
   * Event.RemovedByName} and {@link Event.LeftInPlace} report them.
   *
   * @param box its id
   * @param snapshots what to do with its snapshots
   * @return what was collected
   * @throws NotFoundException if there is no such box
   * @throws RefusedException if it has snapshots and {@code snapshots} is {@code REFUSE}, if one of
   *     its disks is open for writing, if a symbolic link is in the path to them, or if the box is
   *     busy
   */
  public CollectionReport remove(BoxId box, SnapshotsOnRemoval snapshots) {
    return removeBox.get().run(box, snapshots);
  }
}
