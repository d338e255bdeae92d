package io.basedisk.domain;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.Intent.BoxClaim;
import io.basedisk.domain.model.Intent.DiskClaim;
import io.basedisk.domain.model.Operation;
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
import io.basedisk.domain.protocol.ReplaceDiskProtocol;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Puts an empty overlay of a snapshot in the place of a box's disk.
 *
 * <p>The disk that goes is not read: it may be damaged. Safe for many threads.
 */
final class Restores {

  private final DiskFiles files;
  private final RegisteredDisks registered;
  private final ClaimedFiles claimed;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final BaseInspection bases;
  private final DisksDirectories directories;
  private final Operations operations;
  private final ReplaceDiskProtocol protocol;
  private final Ports ports;

  Restores(Ports ports, BackingChains chains, Operations operations, ReplaceDiskProtocol protocol) {
    this.bases = new BaseInspection(ports, chains);
    this.directories = new DisksDirectories(ports.files());
    this.files = ports.files();
    this.registered = new RegisteredDisks(ports);
    this.claimed = new ClaimedFiles(files);
    this.images = ports.images();
    this.imageLocks = ports.imageLocks();
    this.operations = operations;
    this.protocol = protocol;
    this.ports = ports;
  }

  /**
   * Restores a box to one of its snapshots, and returns the operation. Its other disks go.
   *
   * @throws io.basedisk.domain.error.NotFoundException if the box, its disk or the snapshot is not
   *     there
   * @throws RefusedException if a disk of the box is in use, or is not a regular file of one name
   */
  OperationId restore(Box box, BaseDisk snapshot) {
    requireIntact(snapshot);
    ImmutableList<DiskClaim> disks = disksOf(box);
    try (Guards guards =
        Guards.of(
            imageLocks,
            disks.stream().map(DiskClaim::path).collect(ImmutableList.toImmutableList()))) {
      return restore(box, snapshot, disks, guards);
    }
  }

  /**
   * Checks that a snapshot can be restored.
   *
   * @throws NotFoundException if the file of a base that it needs is missing
   * @throws io.basedisk.domain.error.InvalidImageException if one of these files was changed
   */
  void requireIntact(BaseDisk snapshot) {
    bases.requireIntact(snapshot.id());
  }

  private OperationId restore(
      Box box, BaseDisk snapshot, ImmutableList<DiskClaim> disks, ImageLocks.Guard guard) {
    OperationId id = OperationId.mint(ports.random());
    Intent intent =
        new Intent(
            id,
            Operation.RESTORE,
            ImmutableList.of(new BoxClaim(box.id(), box.disksDir())),
            disks,
            ImmutableSet.of(snapshot.id()),
            null,
            ReplaceDiskProtocol.createdFiles(id, disks.get(0).path()),
            ports.now());
    operations.perform(
        intent,
        tx -> {
          checkStillKnown(tx, box, snapshot);
          directories.pin(tx, box);
          // Within the claims: until now another operation may have given the path to another file.
          disks.forEach(claimed::checkUnchanged);
        },
        () -> protocol.run(intent, guard, image -> createOverlay(image, snapshot)));
    return id;
  }

  private void createOverlay(Path image, BaseDisk snapshot) {
    images.createOverlay(
        image,
        snapshot.diskInfo().basePath(),
        snapshot.diskInfo().format(),
        new ByteSize(snapshot.diskInfo().containerDiskBytes()));
  }

  /** Returns the container disk, and after it the other disks. */
  private ImmutableList<DiskClaim> disksOf(Box box) {
    ImmutableList.Builder<DiskClaim> disks = ImmutableList.builder();
    for (DiskSlot slot : DiskSlot.values()) {
      Path disk = box.disk(slot);
      if (slot == DiskSlot.CONTAINER || files.status(disk).isPresent()) {
        disks.add(new DiskClaim(slot, disk, registered.requireFile(disk).identity()));
      }
    }
    return disks.build();
  }

  private static void checkStillKnown(StoreView view, Box box, BaseDisk snapshot) {
    if (!Boxes.require(view, box.id()).disksDir().equals(box.disksDir())) {
      throw new RefusedException("box " + box.id() + " was changed meanwhile");
    }
    if (!view.findBase(snapshot.id()).equals(Optional.of(snapshot))) {
      throw new RefusedException("snapshot " + snapshot.name() + " was changed meanwhile");
    }
  }
}
