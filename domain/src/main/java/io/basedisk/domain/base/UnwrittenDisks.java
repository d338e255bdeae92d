package io.basedisk.domain.base;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;

/**
 * Recognizes disks that are empty overlays: their base has the same content, so that no fork is
 * needed. Thread-safe.
 */
public final class UnwrittenDisks {

  private final BaseDiskStore store;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final RegisteredDisks disks;
  private final DiskLineage lineage;
  private final BackingChains chains;

  @Inject
  UnwrittenDisks(
      BaseDiskStore store,
      DiskImages images,
      ImageLocks imageLocks,
      RegisteredDisks disks,
      DiskLineage lineage,
      BackingChains chains) {
    this.store = store;
    this.images = images;
    this.imageLocks = imageLocks;
    this.disks = disks;
    this.lineage = lineage;
    this.chains = chains;
  }

  /**
   * {@return the recorded base of a box's container disk, if the disk is an empty overlay of it and
   * no process may be writing to the disk}
   *
   * @param box the box
   * @throws io.basedisk.domain.error.NotFoundException if the disk is missing
   * @throws io.basedisk.domain.error.RefusedException if it is not a regular file with one name
   * @throws io.basedisk.domain.error.InvalidImageException if it is not a valid image
   */
  public Optional<BaseDisk> baseOf(Box box) {
    Path disk = box.disk(DiskSlot.CONTAINER);
    disks.requireDisk(box, DiskSlot.CONTAINER);
    if (imageLocks.writtenBy(disk).isPresent() || !images.isEmptyOverlay(disk)) {
      return Optional.empty();
    }
    // Only the recorded base: the disk's owner can name any file in its header.
    ImageHeader header = images.readHeader(disk);
    Optional<BaseDiskId> named = lineage.namedBase(disk, header);
    return store
        .read(
            view -> Ancestry.baseOf(view, box.id(), DiskSlot.CONTAINER).flatMap(view.bases()::find))
        .filter(base -> named.equals(Optional.of(base.id())))
        .filter(base -> chains.standsOnRecorded(disk, header, base));
  }
}
