package io.basedisk.domain.compact;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.base.BaseInspection;
import io.basedisk.domain.base.DiskInspection;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.box.BoxListing;
import io.basedisk.domain.compact.CompactionVerdict.Merge;
import io.basedisk.domain.compact.Compactions.Left;
import io.basedisk.domain.compact.Compactions.Outcome;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.gc.CollectionPolicy;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Finds out whether a disk must be compacted, and which layers to merge. Thread-safe. */
final class DeepDisks {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final RegisteredDisks disks;
  private final DiskInspection inspection;
  private final BaseInspection bases;
  private final RecordedChains recorded;
  private final BoxListing boxes;

  @Inject
  DeepDisks(
      BaseDiskStore store,
      DiskFiles files,
      RegisteredDisks disks,
      DiskInspection inspection,
      BaseInspection bases,
      RecordedChains recorded,
      BoxListing boxes) {
    this.store = store;
    this.files = files;
    this.disks = disks;
    this.inspection = inspection;
    this.bases = bases;
    this.recorded = recorded;
    this.boxes = boxes;
  }

  /** Compacts a disk, or estimates the result. */
  @FunctionalInterface
  interface Work {
    Outcome on(DeepDisk disk);
  }

  /** Reads only headers and takes no lock, so that a box with a short chain is not disturbed. */
  Optional<Left> leaveShort(BoxId id, MaxDepth limit) {
    Box box = store.read(view -> RegisteredBoxes.require(view, id));
    disks.requireDisk(box, DiskSlot.CONTAINER);
    return recorded
        .find(box, DiskSlot.CONTAINER)
        .map(RecordedChains.Chain::depth)
        .filter(depth -> depth <= limit.layers())
        .map(depth -> new Left(boxes.get(id), new LeaveReason.ShortEnough(depth, limit)));
  }

  /**
   * Inspects a disk, gets the policy's verdict, and does the work if there is something to merge.
   *
   * @param before status of the disk before it was guarded or its writers were looked up, which
   *     must have been for the same file
   */
  Outcome judged(
      Box box, Path path, FileStatus before, MaxDepth limit, SharedLayers shared, Work work) {
    DiskClaim claim = inspect(box, path, before);
    RecordedChains.Chain chain =
        recorded.find(box, DiskSlot.CONTAINER).orElseThrow(() -> busy(box.id()));
    requireIntact(chain);
    CompactionVerdict verdict =
        CompactionPolicy.verdict(before.allocatedBytes(), below(box, chain.bases()), limit, shared);
    return verdict instanceof Merge merge
        ? work.on(new DeepDisk(box, claim, merge, chain.layers(), chain.bases()))
        : new Left(boxes.get(box.id()), ((CompactionVerdict.Leave) verdict).reason());
  }

  /**
   * Checks the bases, because the changed content of a base would be copied to the disk, and stay
   * there after the base is restored.
   */
  private void requireIntact(RecordedChains.Chain chain) {
    if (!chain.bases().isEmpty()) {
      bases.requireIntact(chain.bases().get(0).id());
    }
  }

  private RefusedException busy(BoxId box) {
    return store
        .read(view -> RegisteredBoxes.operationOn(view, box))
        .<RefusedException>map(worker -> new BusyException("box " + box, worker.value()))
        .orElseGet(() -> RegisteredBoxes.changed(box));
  }

  /** Checks that a disk can be forked, and is still the same file. */
  private DiskClaim inspect(Box box, Path disk, FileStatus before) {
    FileStatus status =
        inspection
            .inspectForFork(box.disk(DiskSlot.CONTAINER), disk, InternalSnapshots.REFUSE)
            .file();
    if (!status.identity().equals(before.identity())) {
      throw new RefusedException(disk + ": was replaced by another file; try again");
    }
    return new DiskClaim(DiskSlot.CONTAINER, disk, status.identity());
  }

  private ImmutableList<LayerBelow> below(Box box, ImmutableList<BaseDisk> bases) {
    return store.read(
        view -> {
          ImmutableList.Builder<LayerBelow> below = ImmutableList.builder();
          boolean isPrivate = true;
          @Nullable BaseDiskId above = null;
          for (BaseDisk base : bases) {
            // A shared base keeps all bases below it, so that they need no check.
            isPrivate = isPrivate && isPrivateTo(view, base, box.id(), above);
            above = base.id();
            below.add(
                new LayerBelow(above, isPrivate, files.allocatedBytes(base.diskInfo().basePath())));
          }
          return below.build();
        });
  }

  /**
   * {@return whether a base is private to a box's disk, by the store's records}
   *
   * @param above the private base above it in the disk's chain; null for the first base
   */
  private static boolean isPrivateTo(
      StoreView view, BaseDisk base, BoxId box, @Nullable BaseDiskId above) {
    return !CollectionPolicy.isKeptForItself(base)
        && view.bases().listChildren(base.id()).stream().allMatch(child -> child.id().equals(above))
        && view.references().listTo(base.id()).stream()
            .allMatch(new Reference(base.id(), box, DiskSlot.CONTAINER)::equals);
  }
}
