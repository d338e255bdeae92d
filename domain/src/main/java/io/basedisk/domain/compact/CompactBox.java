package io.basedisk.domain.compact;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.box.BoxListing;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.chain.Layer;
import io.basedisk.domain.compact.Compactions.Compacted;
import io.basedisk.domain.compact.Compactions.Left;
import io.basedisk.domain.compact.Compactions.Outcome;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Cause;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.CompactIntent;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Guards;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.ClaimedFiles;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.protocol.CompactProtocol;
import io.basedisk.domain.protocol.DisksDirectories;
import io.basedisk.domain.protocol.Operations;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.inject.Inject;

/** Compacts the container disk of one box. Thread-safe. */
final class CompactBox {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final RegisteredDisks disks;
  private final ClaimedFiles claimed;
  private final DiskImages images;
  private final BackingChains chains;
  private final DisksDirectories directories;
  private final ImageLocks imageLocks;
  private final BoxListing boxes;
  private final Operations operations;
  private final CompactProtocol protocol;
  private final Collector collector;
  private final DeepDisks deep;
  private final RandomGenerator random;

  @Inject
  CompactBox(
      BaseDiskStore store,
      DiskFiles files,
      RegisteredDisks disks,
      ClaimedFiles claimed,
      DiskImages images,
      BackingChains chains,
      DisksDirectories directories,
      ImageLocks imageLocks,
      BoxListing boxes,
      Operations operations,
      CompactProtocol protocol,
      Collector collector,
      DeepDisks deep,
      RandomGenerator random) {
    this.store = store;
    this.files = files;
    this.disks = disks;
    this.claimed = claimed;
    this.images = images;
    this.chains = chains;
    this.directories = directories;
    this.imageLocks = imageLocks;
    this.boxes = boxes;
    this.operations = operations;
    this.protocol = protocol;
    this.collector = collector;
    this.deep = deep;
    this.random = random;
  }

  /** Compacts a disk while no process can start to write to it or to a layer below it. */
  @FunctionalInterface
  private interface GuardedWork {
    Outcome on(DeepDisk disk, ImageLocks.Guard guard);
  }

  /** Compacts a box as {@link Compactions#compact} says. */
  Outcome run(BoxId box, MaxDepth limit, SharedLayers shared, Progress progress) {
    Optional<Left> left = deep.leaveShort(box, limit);
    if (left.isPresent()) {
      return left.get();
    }
    awaitNothingUnderWay(box);
    OperationId id = OperationId.mint(random);
    Outcome outcome =
        guarded(box, limit, shared, (disk, guard) -> merge(id, disk, guard, progress));
    return outcome instanceof Compacted done ? collect(id, done) : outcome;
  }

  private Outcome guarded(BoxId id, MaxDepth limit, SharedLayers shared, GuardedWork work) {
    Box box = store.read(view -> RegisteredBoxes.require(view, id));
    Path path = box.disk(DiskSlot.CONTAINER);
    FileStatus before = disks.requireFile(path);
    // Guard the disk before inspecting it, so that no process starts to write to it in between.
    try (ImageLocks.Guard guard = imageLocks.guard(path)) {
      return deep.judged(
          box,
          path,
          before,
          limit,
          shared,
          disk -> {
            try (Guards below = guardsOf(disk.chain().subList(1, disk.chain().size()))) {
              return work.on(disk, guard);
            }
          });
    }
  }

  /**
   * Settles interrupted operations. A fork's base, for example, may be in the chain but not
   * recorded.
   */
  private void awaitNothingUnderWay(BoxId box) {
    for (Intent intent : store.read(view -> view.intents().list())) {
      if (intent.boxes().stream().anyMatch(claim -> claim.box().equals(box))) {
        operations.awaitSettled(intent.id(), "box " + box);
      }
    }
  }

  private Guards guardsOf(ImmutableList<Layer> layers) {
    return Guards.of(
        imageLocks, layers.stream().map(Layer::realPath).collect(ImmutableList.toImmutableList()));
  }

  private Outcome merge(OperationId id, DeepDisk disk, ImageLocks.Guard guard, Progress progress) {
    Path path = disk.claim().path();
    long replaced = files.allocatedBytes(path);
    replace(id, disk, guard, progress);
    return new Compacted(
        boxes.get(disk.box().id()),
        disk.verdict(),
        disk.depth(),
        files.allocatedBytes(path),
        replaced,
        new CollectionReport(ImmutableList.of(), 0, ImmutableMap.of()));
  }

  /**
   * Collects the bases that a merge has made unneeded, after the guards of the layers are closed.
   */
  private Outcome collect(OperationId id, Compacted done) {
    CollectionReport report =
        collector.collectAfter(
            new Cause(Operation.COMPACT, id),
            () ->
                HeaderEvidence.read(
                    chains, ImmutableList.of(done.box().box().disk(DiskSlot.CONTAINER))));
    return new Compacted(
        done.box(),
        done.merge(),
        done.depthBefore(),
        done.writtenBytes(),
        done.replacedBytes(),
        report);
  }

  private void replace(OperationId id, DeepDisk disk, ImageLocks.Guard guard, Progress progress) {
    // Get the settled status before the disk is read: a later write then changes the version, and
    // recovery notices it even if this process dies.
    FileStatus status = files.settledStatus(disk.claim().path());
    BaseDisk base = store.read(view -> requireBase(view, disk.verdict().base()));
    CompactIntent intent =
        protocol.plan(
            id,
            new BoxClaim(disk.box().id(), disk.box().disksDir()),
            disk.claim(),
            status.version(),
            base.id());
    operations.perform(
        intent,
        tx -> {
          checkStillKnown(tx, disk, base);
          directories.pin(tx, disk.box());
          // Check again with the claim: another operation may have replaced the file until now.
          claimed.checkUnchanged(intent.disk());
        },
        () ->
            protocol.run(
                intent, guard, image -> images.createMerged(image, disk.merge(), progress)));
  }

  private static BaseDisk requireBase(StoreView view, BaseDiskId base) {
    return view.bases()
        .find(base)
        .orElseThrow(
            () ->
                new RefusedException(
                    "base " + base + " was removed by another operation; try again"));
  }

  private static void checkStillKnown(StoreView view, DeepDisk disk, BaseDisk base) {
    BoxId box = disk.box().id();
    BaseDiskId reference = Ancestry.baseOf(view, box, DiskSlot.CONTAINER).orElse(null);
    RegisteredBoxes.requireUnchanged(view, disk.box());
    if (!Ancestry.from(view, reference).equals(disk.bases())) {
      throw RegisteredBoxes.changed(box);
    }
    requireBase(view, base.id());
  }
}
