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
import io.basedisk.domain.model.DiskClaim;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Finds out whether a disk is to be compacted, and how. Safe for many threads. */
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

  /** What is done with a disk that is to be compacted. */
  @FunctionalInterface
  interface Work {
    Outcome on(DeepDisk disk);
  }

  /** Looks at the headers alone, so that a box that is no concern of this is not disturbed. */
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
   * Judges a disk, and does the work if it is to be compacted.
   *
   * @param before the status of the disk before it was guarded, or asked about: that was of this
   *     file
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
   * What a changed base reads now would become the disk's own, and stay when the base is put back.
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

  /** Checks what a disk must be to be forked, and that it is still the same. */
  private DiskClaim inspect(Box box, Path disk, FileStatus before) {
    FileStatus status =
        inspection
            .inspectForFork(box.disk(DiskSlot.CONTAINER), disk, InternalSnapshots.REFUSE)
            .file();
    if (!status.identity().equals(before.identity())) {
      throw new RefusedException(disk + ": was changed meanwhile");
    }
    return new DiskClaim(DiskSlot.CONTAINER, disk, status.identity());
  }

  private ImmutableList<LayerBelow> below(Box box, ImmutableList<BaseDisk> bases) {
    return store.read(
        view -> {
          ImmutableList.Builder<LayerBelow> below = ImmutableList.builder();
          boolean goes = true;
          @Nullable BaseDiskId above = null;
          for (BaseDisk base : bases) {
            // What keeps a base keeps all below it, which need not be asked about then.
            goes = goes && goesWith(view, base, box.id(), above);
            above = base.id();
            below.add(
                new LayerBelow(above, goes, files.allocatedBytes(base.diskInfo().basePath())));
          }
          return below.build();
        });
  }

  /**
   * Returns whether a base goes with the disk of a box, by the store.
   *
   * @param above the base above it in that disk's chain, which goes too; null if it is the first
   */
  private static boolean goesWith(
      StoreView view, BaseDisk base, BoxId box, @Nullable BaseDiskId above) {
    return !CollectionPolicy.isKeptForItself(base)
        && view.bases().listChildren(base.id()).stream().allMatch(child -> child.id().equals(above))
        && view.references().listTo(base.id()).stream()
            .allMatch(new Reference(base.id(), box, DiskSlot.CONTAINER)::equals);
  }
}
