package io.basedisk.domain.clone;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.BaseDiskManager;
import io.basedisk.domain.base.BaseInspection;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.base.MakeBase;
import io.basedisk.domain.base.UnwrittenDisks;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.BoxListing;
import io.basedisk.domain.box.NewBoxNames;
import io.basedisk.domain.box.NewBoxes;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.protocol.CreateBoxesProtocol.NewDisks;
import io.basedisk.domain.snapshot.Snapshots;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.inject.Inject;
import javax.inject.Singleton;

/**
 * Clones boxes and snapshots: makes one base, and an empty overlay of it for each new box.
 * Thread-safe.
 */
@Singleton
public final class Clones {

  /**
   * The result of a clone.
   *
   * @param base the base of the new boxes; it may have other overlays, which are not listed because
   *     there may be too many
   * @param boxes the new boxes, in the order of the names
   */
  public record Cloned(BaseDisk base, ImmutableList<BoxDetails> boxes) {}

  private final BaseDiskStore store;
  private final DiskImages images;
  private final RegisteredDisks disks;
  private final EventListener listener;
  private final UnwrittenDisks unwritten;
  private final BaseInspection inspection;
  private final MakeBase makeBase;
  private final BoxListing boxes;
  private final NewBoxNames newNames;
  private final NewBoxes newBoxes;

  @Inject
  Clones(
      BaseDiskStore store,
      DiskImages images,
      RegisteredDisks disks,
      EventListener listener,
      UnwrittenDisks unwritten,
      BaseInspection inspection,
      MakeBase makeBase,
      BoxListing boxes,
      NewBoxNames newNames,
      NewBoxes newBoxes) {
    this.store = store;
    this.images = images;
    this.disks = disks;
    this.listener = listener;
    this.unwritten = unwritten;
    this.inspection = inspection;
    this.makeBase = makeBase;
    this.boxes = boxes;
    this.newNames = newNames;
    this.newBoxes = newBoxes;
  }

  /**
   * Clones a box in its present state. Forks its disk first, unless the disk is an empty overlay:
   * then its base is used.
   *
   * @param source the box to clone
   * @param names the new boxes, at least one; all of them are made or none
   * @return the new boxes and their base
   * @throws NotFoundException if there is no such box
   * @throws AlreadyExistsException if one of the new boxes exists; nothing has changed then
   * @throws InvalidArgumentException if {@code names} is empty or names a box twice
   * @throws io.basedisk.domain.error.BaseDiskException also as {@link BaseDiskManager#create}
   */
  public Cloned cloneBox(BoxId source, List<BoxId> names) {
    return cloneBox(source, names, InternalSnapshots.REFUSE);
  }

  /**
   * Clones a box as {@link #cloneBox(BoxId, List)} does, with a choice for snapshots and bitmaps
   * inside the source's disk, if it is forked.
   *
   * @param source the box to clone
   * @param names the new boxes
   * @param internals what to do if the disk has internal snapshots or bitmaps
   * @return the new boxes and their base
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #cloneBox(BoxId, List)}
   */
  public Cloned cloneBox(BoxId source, List<BoxId> names, InternalSnapshots internals) {
    return cloneBox(source, names, internals, Progress.NONE);
  }

  /**
   * Clones a box as {@link #cloneBox(BoxId, List)} does, and reports its progress.
   *
   * @param source the box to clone
   * @param names the new boxes
   * @param internals what to do if the disk has internal snapshots or bitmaps
   * @param progress receives the number of new boxes that have their disks
   * @return the new boxes and their base
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted; no
   *     box is made then, but the source may have been forked
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #cloneBox(BoxId, List)}
   */
  public Cloned cloneBox(
      BoxId source, List<BoxId> names, InternalSnapshots internals, Progress progress) {
    ImmutableList<BoxId> clones = ImmutableList.copyOf(names);
    Box box = check(source, clones);
    Path disk = box.disk(DiskSlot.CONTAINER);
    while (true) {
      BaseDisk base =
          unwritten
              .baseOf(box)
              .orElseGet(
                  () ->
                      makeBase.fork(
                          source,
                          BaseDiskKind.CLONE_BASE,
                          null,
                          internals,
                          ImmutableSet.of(),
                          Progress.NONE));
      ByteSize virtualSize = new ByteSize(images.readHeader(disk).virtualSize());
      try {
        return create(source, clones, base, new NewDisks(base, virtualSize, disk, null), progress);
      } catch (NotFoundException e) {
        // Another operation removed the base before the clones' intent could hold it. The box has
        // another base now, or none: try again.
        if (store.read(view -> view.bases().find(base.id())).isPresent()) {
          throw e;
        }
      }
    }
  }

  /**
   * Clones a snapshot of a box.
   *
   * @param source the box
   * @param snapshot the snapshot
   * @param names the new boxes, at least one; all of them are made or none
   * @return the new boxes and their base
   * @throws NotFoundException if there is no such box or snapshot, or the box's disk is missing:
   *     the new disks take its owner and mode
   * @throws io.basedisk.domain.error.RefusedException if that disk is not a regular file with one
   *     name
   * @throws AlreadyExistsException if one of the new boxes exists; nothing has changed then
   * @throws InvalidArgumentException if {@code names} is empty or names a box twice
   */
  public Cloned cloneSnapshot(BoxId source, SnapshotName snapshot, List<BoxId> names) {
    return cloneSnapshot(source, snapshot, names, Progress.NONE);
  }

  /**
   * Clones a snapshot as {@link #cloneSnapshot(BoxId, SnapshotName, List)} does, and reports its
   * progress.
   *
   * @param source the box
   * @param snapshot the snapshot
   * @param names the new boxes
   * @param progress receives the number of new boxes that have their disks
   * @return the new boxes and their base
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted; no
   *     box is made then
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #cloneSnapshot(BoxId,
   *     SnapshotName, List)}
   */
  public Cloned cloneSnapshot(
      BoxId source, SnapshotName snapshot, List<BoxId> names, Progress progress) {
    ImmutableList<BoxId> clones = ImmutableList.copyOf(names);
    Box box = check(source, clones);
    disks.requireDisk(box, DiskSlot.CONTAINER);
    BaseDisk base = store.read(view -> Snapshots.require(view, source, snapshot));
    ByteSize virtualSize = new ByteSize(base.diskInfo().containerDiskBytes());
    return create(
        source,
        clones,
        base,
        new NewDisks(base, virtualSize, box.disk(DiskSlot.CONTAINER), null),
        progress);
  }

  private Cloned create(
      BoxId source, ImmutableList<BoxId> names, BaseDisk base, NewDisks made, Progress progress) {
    inspection.requireIntact(base.id());
    OperationId creation;
    try {
      creation = newBoxes.create(names, made, progress);
    } catch (StorageException failure) {
      // The new disks take the owner and mode of the source's disk, which may have been removed.
      if (store.read(view -> view.boxes().find(source)).isEmpty()) {
        throw new NotFoundException("box " + source + " was removed during the clone", failure);
      }
      throw failure;
    }
    listener.on(new Event.Cloned(creation, source, base.id(), names));
    return new Cloned(base, boxes.justCreated(names, base, made.virtualSize()));
  }

  private Box check(BoxId source, ImmutableList<BoxId> names) {
    if (names.isEmpty()) {
      throw new InvalidArgumentException("no name for a clone is given");
    }
    Set<BoxId> seen = new HashSet<>();
    for (BoxId name : names) {
      if (!seen.add(name)) {
        throw new InvalidArgumentException("the clone " + name + " is named twice");
      }
    }
    Box box = store.read(view -> RegisteredBoxes.require(view, source));
    newNames.requireFree(names);
    return box;
  }
}
