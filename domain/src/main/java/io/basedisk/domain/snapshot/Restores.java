package io.basedisk.domain.snapshot;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.base.BaseInspection;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxClaim;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskClaim;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.ClaimedFiles;
import io.basedisk.domain.protocol.DisksDirectories;
import io.basedisk.domain.protocol.Guards;
import io.basedisk.domain.protocol.Operations;
import io.basedisk.domain.protocol.RestoreProtocol;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Replaces a box's disk by an empty overlay of a snapshot.
 *
 * <p>Does not read the old disk, which may be damaged. Thread-safe.
 */
public final class Restores {

  private final DiskFiles files;
  private final RegisteredDisks registered;
  private final ClaimedFiles claimed;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final BaseInspection bases;
  private final DisksDirectories directories;
  private final Operations operations;
  private final RestoreProtocol protocol;

  public Restores(
      Ports ports, BackingChains chains, Operations operations, RestoreProtocol protocol) {
    this.bases = new BaseInspection(ports, chains);
    this.directories = new DisksDirectories(ports.files());
    this.files = ports.files();
    this.registered = new RegisteredDisks(ports);
    this.claimed = new ClaimedFiles(files);
    this.images = ports.images();
    this.imageLocks = ports.imageLocks();
    this.operations = operations;
    this.protocol = protocol;
  }

  /**
   * Restores a box to one of its snapshots, and returns the operation. The box's other disks are
   * deleted.
   *
   * @param box the box
   * @param snapshot the snapshot
   * @throws io.basedisk.domain.error.NotFoundException if the box, its disk or the snapshot is
   *     missing
   * @throws RefusedException if a disk of the box is in use, or is not a regular file with one name
   */
  public OperationId restore(Box box, BaseDisk snapshot) {
    requireIntact(snapshot);
    Intent.Restore intent =
        protocol.plan(
            new BoxClaim(box.id(), box.disksDir()),
            claim(box, DiskSlot.CONTAINER),
            otherDisksOf(box),
            snapshot.id());
    try (Guards guards =
        Guards.of(
            imageLocks,
            intent.disks().stream()
                .map(DiskClaim::path)
                .collect(ImmutableList.toImmutableList()))) {
      restore(intent, box, snapshot, guards);
    }
    return intent.id();
  }

  /**
   * Checks that a snapshot can be restored.
   *
   * @param snapshot the snapshot
   * @throws NotFoundException if the file of a base that it needs is missing
   * @throws io.basedisk.domain.error.InvalidImageException if one of these files was changed
   */
  public void requireIntact(BaseDisk snapshot) {
    bases.requireIntact(snapshot.id());
  }

  private void restore(Intent.Restore intent, Box box, BaseDisk snapshot, ImageLocks.Guard guard) {
    operations.perform(
        intent,
        tx -> {
          checkStillKnown(tx, box, snapshot);
          directories.pin(tx, box);
          // Checked after the claims: before them, another operation may have given the path to
          // another file.
          intent.disks().forEach(claimed::checkUnchanged);
        },
        () -> protocol.run(intent, guard, image -> createOverlay(image, snapshot)));
  }

  private void createOverlay(Path image, BaseDisk snapshot) {
    images.createOverlay(
        image,
        snapshot.diskInfo().basePath(),
        snapshot.diskInfo().format(),
        new ByteSize(snapshot.diskInfo().containerDiskBytes()));
  }

  private ImmutableList<DiskClaim> otherDisksOf(Box box) {
    ImmutableList.Builder<DiskClaim> disks = ImmutableList.builder();
    for (DiskSlot slot : DiskSlot.values()) {
      if (slot != DiskSlot.CONTAINER && files.status(box.disk(slot)).isPresent()) {
        disks.add(claim(box, slot));
      }
    }
    return disks.build();
  }

  private DiskClaim claim(Box box, DiskSlot slot) {
    Path disk = box.disk(slot);
    return new DiskClaim(slot, disk, registered.requireFile(disk).identity());
  }

  private static void checkStillKnown(StoreView view, Box box, BaseDisk snapshot) {
    if (!RegisteredBoxes.require(view, box.id()).disksDir().equals(box.disksDir())) {
      throw new RefusedException("box " + box.id() + " changed during the operation");
    }
    if (!view.bases().find(snapshot.id()).equals(Optional.of(snapshot))) {
      throw new RefusedException("snapshot " + snapshot.name() + " changed during the operation");
    }
  }
}
