package io.basedisk.domain.compact;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.box.BoxListing;
import io.basedisk.domain.compact.CompactionVerdict.Merge;
import io.basedisk.domain.compact.Compactions.Compacted;
import io.basedisk.domain.compact.Compactions.Left;
import io.basedisk.domain.compact.Compactions.Outcome;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;

/** Predicts the result of a compaction of a box. Thread-safe. */
final class PlanCompaction {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final RegisteredDisks disks;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final BoxListing boxes;
  private final DeepDisks deep;

  @Inject
  PlanCompaction(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      RegisteredDisks disks,
      DiskImages images,
      ImageLocks imageLocks,
      BoxListing boxes,
      DeepDisks deep) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.disks = disks;
    this.images = images;
    this.imageLocks = imageLocks;
    this.boxes = boxes;
    this.deep = deep;
  }

  /**
   * Plans a compaction as {@link Compactions#plan} says. It takes no locks, because a plan must not
   * keep a VM from starting.
   */
  Outcome run(BoxId box, MaxDepth limit, SharedLayers shared) {
    Optional<Left> left = deep.leaveShort(box, limit);
    if (left.isPresent()) {
      return left.get();
    }
    Box known = store.read(view -> RegisteredBoxes.require(view, box));
    Path path = known.disk(DiskSlot.CONTAINER);
    FileStatus status = disks.requireFile(path);
    imageLocks
        .writtenBy(path)
        .ifPresent(
            who -> {
              throw new RefusedException(path + " is " + who, new Remedy.EndUse(path));
            });
    return deep.judged(known, path, status, limit, shared, this::estimate);
  }

  private Outcome estimate(DeepDisk disk) {
    Merge verdict = disk.verdict();
    ImmutableList<BaseDiskId> going = verdict.merged().subList(0, verdict.going());
    long freed = going.stream().map(home::baseFile).mapToLong(files::allocatedBytes).sum();
    return new Compacted(
        boxes.get(disk.box().id()),
        verdict,
        disk.depth(),
        images.measureMerged(disk.merge()),
        files.allocatedBytes(disk.claim().path()),
        new CollectionReport(going, freed, ImmutableMap.of()));
  }
}
