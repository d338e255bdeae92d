package io.basedisk.domain.snapshot;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.BaseInspection;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.base.MakeBase;
import io.basedisk.domain.box.BoxListing;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.Cause;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.RestoreIntent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Guards;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.ClaimedFiles;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.protocol.DisksDirectories;
import io.basedisk.domain.protocol.Operations;
import io.basedisk.domain.protocol.RestoreProtocol;
import io.basedisk.domain.snapshot.Snapshots.Restored;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a box's disk by an empty overlay of a snapshot.
 *
 * <p>Does not read the old disk, which may be damaged. Thread-safe.
 */
final class RestoreSnapshot {

  private final DiskFiles files;
  private final RegisteredDisks registered;
  private final ClaimedFiles claimed;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final BaseInspection bases;
  private final DisksDirectories directories;
  private final Operations operations;
  private final RestoreProtocol protocol;
  private final MakeBase makeBase;
  private final BackingChains chains;
  private final BaseDiskStore store;
  private final BoxListing boxes;
  private final Collector collector;

  @Inject
  RestoreSnapshot(
      BaseInspection bases,
      DisksDirectories directories,
      DiskFiles files,
      RegisteredDisks registered,
      ClaimedFiles claimed,
      DiskImages images,
      ImageLocks imageLocks,
      Operations operations,
      RestoreProtocol protocol,
      MakeBase makeBase,
      BackingChains chains,
      BaseDiskStore store,
      BoxListing boxes,
      Collector collector) {
    this.makeBase = makeBase;
    this.chains = chains;
    this.store = store;
    this.boxes = boxes;
    this.collector = collector;
    this.bases = bases;
    this.directories = directories;
    this.files = files;
    this.registered = registered;
    this.claimed = claimed;
    this.images = images;
    this.imageLocks = imageLocks;
    this.operations = operations;
    this.protocol = protocol;
  }

  /** Restores a box as {@link Snapshots#restore} does. */
  Restored run(BoxId box, SnapshotName name, @Nullable SnapshotName saveAs) {
    Box known = store.read(view -> RegisteredBoxes.require(view, box));
    BaseDisk snapshot = store.read(view -> Snapshots.require(view, box, name));
    bases.requireIntact(snapshot.id());
    if (saveAs != null) {
      makeBase.fork(
          box,
          BaseDiskKind.SNAPSHOT,
          saveAs,
          InternalSnapshots.REFUSE,
          ImmutableSet.of(),
          Progress.NONE);
    }
    Cause restore = restore(known, snapshot);
    CollectionReport report =
        collector.collectAfter(restore, () -> Snapshots.headersOf(known, chains));
    return new Restored(boxes.get(box), report);
  }

  private Cause restore(Box box, BaseDisk snapshot) {
    bases.requireIntact(snapshot.id());
    RestoreIntent intent =
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
    return LogWriter.causeOf(intent);
  }

  private void restore(RestoreIntent intent, Box box, BaseDisk snapshot, ImageLocks.Guard guard) {
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
    RegisteredBoxes.requireUnchanged(view, box);
    if (!view.bases().find(snapshot.id()).equals(Optional.of(snapshot))) {
      throw new RefusedException(
          "snapshot " + snapshot.name() + " changed during the operation", new Remedy.Repeat());
    }
  }
}
