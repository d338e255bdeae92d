package io.basedisk.domain.box;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.image.SizeChange;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.FileOwner;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.protocol.CreateBoxesProtocol.NewDisks;
import java.nio.file.Path;
import java.util.Collection;
import javax.inject.Inject;
import javax.inject.Provider;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** The boxes of a home: creates, lists, renames and removes them. Thread-safe. */
@Singleton
public final class Boxes {

  /** What the removal of a box does with its snapshots. */
  public enum SnapshotsOnRemoval {
    /** Refuse to remove a box that has snapshots. */
    REFUSE,
    /** Remove them too; each is deleted once it is unneeded. */
    REMOVE
  }

  /** What the removal of a box does with disks that were there before basedisk. */
  public enum ForeignDisks {
    /** Refuse to remove a box that has such disks. */
    REFUSE,
    /** Delete them like other disks. */
    DELETE
  }

  /**
   * The result of {@link #forget}.
   *
   * @param box the former name of the box
   * @param disk path of its container disk, which is left there
   * @param held the bases that its disks need, each with a hold, ordered by id
   * @param report what was collected: snapshots that nothing needs
   */
  public record Forgotten(
      BoxId box, Path disk, ImmutableList<BaseDiskId> held, CollectionReport report) {}

  private final BaseDiskStore store;
  private final BoxListing listing;
  private final Provider<NewBoxes> newBoxes;
  private final Provider<ImportBox> importBox;
  private final Provider<ResizeBox> resizeBox;
  private final Provider<RemoveBox> removeBox;
  private final Provider<RenameBox> renameBox;
  private final Provider<ForgetBox> forgetBox;

  @Inject
  Boxes(
      BaseDiskStore store,
      BoxListing listing,
      Provider<NewBoxes> newBoxes,
      Provider<ImportBox> importBox,
      Provider<ResizeBox> resizeBox,
      Provider<RemoveBox> removeBox,
      Provider<RenameBox> renameBox,
      Provider<ForgetBox> forgetBox) {
    this.store = store;
    this.listing = listing;
    this.newBoxes = newBoxes;
    this.importBox = importBox;
    this.resizeBox = resizeBox;
    this.removeBox = removeBox;
    this.renameBox = renameBox;
    this.forgetBox = forgetBox;
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
            new NewDisks(null, virtualSize.roundedUpTo(ByteSize.SECTOR), null, null),
            Progress.NONE);
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
                    .orElseThrow(
                        () ->
                            new NotFoundException(
                                "no base " + base, new Remedy.NameBase(base.value()))));
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

  /**
   * {@return the record of a box} No file is read.
   *
   * @param box its id
   * @throws NotFoundException if there is no such box
   */
  public Box getRecord(BoxId box) {
    return store.read(view -> RegisteredBoxes.require(view, box));
  }

  /** {@return every box, newest first} */
  public ImmutableList<BoxDetails> list() {
    return listing.list();
  }

  /**
   * Grows the container disk of a box, whose VM must be stopped. The new part reads as zeros. The
   * sizes of the box's snapshots stay. A crash leaves the old or the new size.
   *
   * @param box its id
   * @param size the new size; the present size changes nothing
   * @return the box
   * @throws NotFoundException if there is no such box, or its disk is missing
   * @throws InvalidArgumentException if the size is less than the present one, or the disk can't
   *     have it
   * @throws RefusedException if a process has the disk open, if the box is busy, or if internal
   *     snapshots or bitmaps in the disk don't allow another size
   * @throws InvalidImageException if the disk is not a valid image, or marked as corrupt or dirty
   */
  public BoxDetails resize(BoxId box, SizeChange size) {
    resizeBox.get().run(box, size);
    return get(box);
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
   * @throws RefusedException if it has snapshots and {@code snapshots} is {@code REFUSE}, if its
   *     disks were there before basedisk, if one of its disks is open for writing, if a symbolic
   *     link is in the path to them, or if the box is busy
   */
  public CollectionReport remove(BoxId box, SnapshotsOnRemoval snapshots) {
    return remove(box, snapshots, ForeignDisks.REFUSE);
  }

  /**
   * Removes a box as {@link #remove(BoxId, SnapshotsOnRemoval)} does, with a choice for disks that
   * were there before basedisk.
   *
   * @param box its id
   * @param snapshots what to do with its snapshots
   * @param foreign what to do with disks that were there before basedisk
   * @return what was collected
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #remove(BoxId,
   *     SnapshotsOnRemoval)}
   */
  public CollectionReport remove(BoxId box, SnapshotsOnRemoval snapshots, ForeignDisks foreign) {
    return removeBox.get().run(box, snapshots, foreign);
  }

  /**
   * Checks that {@link #remove(BoxId, SnapshotsOnRemoval, ForeignDisks)} would not refuse one of
   * several boxes, before the first is removed. Changes nothing. A later removal may be refused all
   * the same, since another process may use the box by then.
   *
   * @param boxes their ids
   * @param snapshots what to do with their snapshots
   * @param foreign what to do with disks that were there before basedisk
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #remove(BoxId,
   *     SnapshotsOnRemoval)}, for the first box that would be refused
   */
  public void checkRemoval(
      Collection<BoxId> boxes, SnapshotsOnRemoval snapshots, ForeignDisks foreign) {
    removeBox.get().check(boxes, snapshots, foreign);
  }

  /**
   * Renames a box. Its snapshots follow, in the same transaction. No file changes: its directory
   * keeps its name, and the descriptions in its bases, which a rebuild of a lost store reads, keep
   * the old name. A VM may run on its disks.
   *
   * @param box its id
   * @param newName the new id
   * @return the box
   * @throws NotFoundException if there is no such box
   * @throws AlreadyExistsException if a box of the new name exists, or a base of an earlier box of
   *     that name has the name of one of its bases
   * @throws io.basedisk.domain.error.BusyException if an operation has claimed one of the names
   */
  public BoxDetails rename(BoxId box, BoxId newName) {
    renameBox.get().run(box, newName);
    return get(newName);
  }

  /**
   * Unregisters a box and leaves its disks where they are. A hold keeps each base that a disk needs
   * until it is released, or until a box with the disk is registered again. A VM may run on its
   * disks.
   *
   * @param box its id
   * @param snapshots what to do with its snapshots
   * @return what was left, and what was collected
   * @throws NotFoundException if there is no such box
   * @throws RefusedException if it has snapshots and {@code snapshots} is {@code REFUSE}, or if the
   *     box is busy
   */
  public Forgotten forget(BoxId box, SnapshotsOnRemoval snapshots) {
    return forgetBox.get().run(box, snapshots);
  }
}
