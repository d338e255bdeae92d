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

/** The boxes of a home: creates, lists and removes them. Safe for many threads. */
@Singleton
public final class Boxes {

  /** What becomes of a box's snapshots when the box is removed. */
  public enum SnapshotsOnRemoval {
    /** A box that has snapshots is not removed. */
    REFUSE,
    /** They go with the box, each when nothing needs it any more. */
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
   * Creates a box with an empty disk, in this home.
   *
   * @param virtualSize the size that its guest sees; rounded up to a multiple of 512, as qemu-img
   *     does
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
   * Creates a box, in this home, whose disk is an empty overlay of a base of any kind.
   *
   * @param virtualSize the size that its guest sees, rounded up to a multiple of 512, not less than
   *     the base's; null for the base's
   * @throws NotFoundException if there is no such base
   * @throws AlreadyExistsException if the box, or its directory, exists
   * @throws InvalidArgumentException if the size is less than the base's, or no disk can have it
   */
  public BoxDetails createOnBase(BoxId box, BaseDiskId base, @Nullable ByteSize virtualSize) {
    return createOnBase(box, base, virtualSize, null);
  }

  /**
   * Does the same, and gives the disk to a user: a base does not tell whose VM runs on the disk.
   *
   * @param owner who gets the disk; null for the user of this process
   * @throws StorageException also if the disk can't be given to that user; there is no box then
   * @throws io.basedisk.domain.error.BaseDiskException else as {@link #createOnBase(BoxId,
   *     BaseDiskId, ByteSize)}
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
   * Creates a box, in this home, whose disk is a copy of what an image contains: flat, so that it
   * needs neither the image nor its backing files. Of these, only such are opened as the source
   * allows; under a disk or a base of this home, its bases are allowed as well. The box appears
   * when its disk is complete and durable.
   *
   * @param virtualSize the size that its guest sees, rounded up to a multiple of 512, not less than
   *     the image's; null for the image's
   * @throws NotFoundException if there is no such image
   * @throws io.basedisk.domain.error.UnallowedFileException if it names a file that is not allowed
   * @throws InvalidImageException if it is no image that can be read
   * @throws RefusedException if somebody writes to one of its files
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
   * Returns a box.
   *
   * @throws NotFoundException if there is no such box
   */
  public BoxDetails get(BoxId box) {
    return listing.get(box);
  }

  /** Returns every box, newest first. */
  public ImmutableList<BoxDetails> list() {
    return listing.list();
  }

  /**
   * Removes a box with its disks, and collects what that frees. What is at a disk's path and is no
   * regular file of one name is removed by that name alone, and a directory with content stays;
   * {@link Event.RemovedByName} and {@link Event.LeftInPlace} tell of that.
   *
   * @throws NotFoundException if there is no such box
   * @throws RefusedException if it has snapshots, unless {@code snapshots} says that they go too,
   *     if one of its disks is open for writing, if a symbolic link is on the way to them, or if
   *     the box is busy
   */
  public CollectionReport remove(BoxId box, SnapshotsOnRemoval snapshots) {
    return removeBox.get().run(box, snapshots);
  }
}
