package io.basedisk.domain.box;

import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.image.SizeChange;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.ResizeIntent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.protocol.ClaimedFiles;
import io.basedisk.domain.protocol.DisksDirectories;
import io.basedisk.domain.protocol.Operations;
import io.basedisk.domain.protocol.ResizeProtocol;
import java.nio.file.Path;
import javax.inject.Inject;

/** Grows the container disk of a box. Thread-safe. */
final class ResizeBox {

  private final BaseDiskStore store;
  private final RegisteredDisks disks;
  private final ClaimedFiles claimed;
  private final DisksDirectories directories;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final Operations operations;
  private final ResizeProtocol protocol;

  @Inject
  ResizeBox(
      BaseDiskStore store,
      RegisteredDisks disks,
      ClaimedFiles claimed,
      DisksDirectories directories,
      DiskImages images,
      ImageLocks imageLocks,
      Operations operations,
      ResizeProtocol protocol) {
    this.store = store;
    this.disks = disks;
    this.claimed = claimed;
    this.directories = directories;
    this.images = images;
    this.imageLocks = imageLocks;
    this.operations = operations;
    this.protocol = protocol;
  }

  /** Grows a box's disk as {@link Boxes#resize} says. */
  void run(BoxId id, SizeChange change) {
    Box box = store.read(view -> RegisteredBoxes.require(view, id));
    Path disk = box.disk(DiskSlot.CONTAINER);
    FileStatus status = disks.requireFile(disk);
    // Guard the disk before its size is read, so that no process changes it in between.
    try (ImageLocks.Guard guard = imageLocks.guard(disk)) {
      ImageHeader header = images.readHeader(disk);
      requireSound(disk, header);
      long present = header.virtualSize();
      long size = change.of("box " + id, present);
      if (size > present) {
        requireNoMoreBelow(box, present);
        grow(box, new DiskClaim(DiskSlot.CONTAINER, disk, status.identity()), size, guard);
      }
    }
  }

  private static void requireSound(Path disk, ImageHeader header) {
    if (header.corrupt() || header.dirty()) {
      throw new InvalidImageException(
          disk + ": is marked as " + (header.corrupt() ? "corrupt" : "not closed properly"),
          new Remedy.RepairDisk(disk));
    }
  }

  /** The new part would show what a longer base has there, and not zeros. */
  private void requireNoMoreBelow(Box box, long present) {
    store
        .read(
            view ->
                Ancestry.baseOf(view, box.id(), DiskSlot.CONTAINER)
                    .flatMap(base -> view.bases().find(base)))
        .filter(base -> base.diskInfo().containerDiskBytes() > present)
        .ifPresent(
            base -> {
              throw shorterThan(base, box);
            });
  }

  private static RefusedException shorterThan(BaseDisk base, Box box) {
    return new RefusedException(
        "box "
            + box.id()
            + ": its base "
            + base.id()
            + " has "
            + base.diskInfo().containerDiskBytes()
            + " bytes, more than its disk, and would show in the new part");
  }

  private void grow(Box box, DiskClaim disk, long size, ImageLocks.Guard guard) {
    ResizeIntent intent =
        protocol.plan(new BoxClaim(box.id(), box.disksDir()), disk, new ByteSize(size));
    operations.perform(
        intent,
        tx -> {
          RegisteredBoxes.requireUnchanged(tx, box);
          directories.pin(tx, box);
          // Check with the claim: another operation may have replaced the file until now.
          claimed.checkUnchanged(intent.disk());
        },
        () -> protocol.run(intent, guard));
  }
}
