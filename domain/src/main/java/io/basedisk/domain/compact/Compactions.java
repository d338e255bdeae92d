package io.basedisk.domain.compact;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.base.BaseInspection;
import io.basedisk.domain.base.DiskInspection;
import io.basedisk.domain.base.Internals;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.chain.Layer;
import io.basedisk.domain.compact.CompactionVerdict.Merge;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.gc.CollectionPolicy;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxClaim;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ChainFile;
import io.basedisk.domain.model.DiskClaim;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.LayerMerge;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.ClaimedFiles;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.protocol.CompactProtocol;
import io.basedisk.domain.protocol.DisksDirectories;
import io.basedisk.domain.protocol.Guards;
import io.basedisk.domain.protocol.Operations;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Shortens the chains of boxes' container disks. The upper layers of a chain, which {@link
 * CompactionPolicy} selects, are merged into a new disk with the same content. Bases that only this
 * disk needed are collected. No base is changed, so that other chains stay as they are.
 * Thread-safe.
 */
@Singleton
public final class Compactions {

  /** The result for one box, or of its plan. */
  public sealed interface Outcome {

    /** Returns the current state of the box. */
    BoxDetails box();
  }

  /**
   * The disk was compacted, or would be.
   *
   * @param box current state of the box
   * @param merge the merged layers, and the new depth
   * @param depthBefore depth before the compaction
   * @param writtenBytes space that the new disk's file occupies, in bytes; in a plan, the maximum
   * @param replacedBytes space that the old disk's file occupied, in bytes
   * @param report the collected bases
   */
  public record Compacted(
      BoxDetails box,
      Merge merge,
      int depthBefore,
      long writtenBytes,
      long replacedBytes,
      CollectionReport report)
      implements Outcome {}

  /**
   * The disk was left as it is.
   *
   * @param box current state of the box
   * @param reason why
   */
  public record Left(BoxDetails box, LeaveReason reason) implements Outcome {}

  /**
   * The result for all boxes, or of its plan.
   *
   * @param compacted the compacted disks
   * @param skipped boxes whose chains are too deep or can't be followed, but were left as they are,
   *     each with the reason
   */
  public record FleetOutcome(
      ImmutableList<Compacted> compacted, ImmutableMap<BoxId, String> skipped) {}

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final RegisteredDisks disks;
  private final ClaimedFiles claimed;
  private final DiskInspection inspection;
  private final BaseInspection bases;
  private final DiskImages images;
  private final BackingChains chains;
  private final RecordedChains recorded;
  private final DisksDirectories directories;
  private final ImageLocks imageLocks;
  private final Boxes boxes;
  private final Operations operations;
  private final RandomGenerator random;
  private final CompactProtocol protocol;
  private final Collector collector;

  @Inject
  Compactions(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      RegisteredDisks disks,
      ClaimedFiles claimed,
      DiskInspection inspection,
      BaseInspection bases,
      DiskImages images,
      RecordedChains recorded,
      DisksDirectories directories,
      ImageLocks imageLocks,
      RandomGenerator random,
      BackingChains chains,
      Boxes boxes,
      Operations operations,
      CompactProtocol protocol,
      Collector collector) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.disks = disks;
    this.claimed = claimed;
    this.inspection = inspection;
    this.bases = bases;
    this.images = images;
    this.chains = chains;
    this.recorded = recorded;
    this.directories = directories;
    this.imageLocks = imageLocks;
    this.boxes = boxes;
    this.operations = operations;
    this.random = random;
    this.protocol = protocol;
    this.collector = collector;
  }

  // One box.

  /**
   * Shortens the chain of a box's container disk if it is deeper than a limit, and collects the
   * bases that are then unneeded. An interrupt of the thread cancels the compaction and leaves the
   * disk as it was.
   *
   * @param box name of the box
   * @param limit maximum depth
   * @param progress receives the bytes of the disk
   * @throws NotFoundException if the box or its disk does not exist
   * @throws RefusedException if a process writes to the disk or to a layer, if the disk is dirty,
   *     has internal snapshots, bitmaps or another name, or if the box is busy
   * @throws InvalidImageException if the disk or its chain is not valid
   * @throws io.basedisk.domain.error.StorageException if there is no space for the new disk, or a
   *     file can't be read or written
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   */
  public Outcome compact(BoxId box, MaxDepth limit, Progress progress) {
    return compact(box, limit, SharedLayers.COPY, progress);
  }

  /**
   * Returns the result that {@link #compact} would have now, and changes nothing.
   *
   * @param box name of the box
   * @param limit maximum depth
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #compact}
   */
  public Outcome plan(BoxId box, MaxDepth limit) {
    return plan(box, limit, SharedLayers.COPY);
  }

  private Outcome compact(BoxId box, MaxDepth limit, SharedLayers shared, Progress progress) {
    Optional<Left> left = leaveShort(box, limit);
    if (left.isPresent()) {
      return left.get();
    }
    awaitNothingUnderWay(box);
    OperationId id = OperationId.mint(random);
    Outcome outcome =
        guarded(box, limit, shared, (disk, guard) -> merge(id, disk, guard, progress));
    return outcome instanceof Compacted done ? collect(id, done) : outcome;
  }

  /** Takes no locks, because a plan must not keep a VM from starting. */
  private Outcome plan(BoxId box, MaxDepth limit, SharedLayers shared) {
    Optional<Left> left = leaveShort(box, limit);
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
              throw new RefusedException(path + " is " + who);
            });
    return judged(known, path, status, limit, shared, this::estimate);
  }

  /** Reads only headers and takes no lock, so that a box with a short chain is not disturbed. */
  private Optional<Left> leaveShort(BoxId id, MaxDepth limit) {
    Box box = store.read(view -> RegisteredBoxes.require(view, id));
    disks.requireDisk(box, DiskSlot.CONTAINER);
    return recorded
        .find(box, DiskSlot.CONTAINER)
        .map(RecordedChains.Chain::depth)
        .filter(depth -> depth <= limit.layers())
        .map(depth -> new Left(boxes.get(id), new LeaveReason.ShortEnough(depth, limit)));
  }

  // All boxes.

  /**
   * Shortens the chain of every container disk that is deeper than a limit, one box after the
   * other. Shared layers are copied only if that is cheap. A box is skipped if it is in use or
   * busy, if its chain is damaged or unreadable, or if its compaction fails.
   *
   * @param limit maximum depth
   * @param progress receives the bytes of each disk
   * @throws StorageException if the store fails; earlier boxes stay compacted
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     earlier boxes stay compacted
   */
  public FleetOutcome compactAll(MaxDepth limit, Progress progress) {
    return ofAll(box -> compact(box, limit, SharedLayers.COPY_IF_CHEAP, progress));
  }

  /**
   * Returns the result that {@link #compactAll} would have now, and changes nothing.
   *
   * @param limit maximum depth
   */
  public FleetOutcome planAll(MaxDepth limit) {
    return ofAll(box -> plan(box, limit, SharedLayers.COPY_IF_CHEAP));
  }

  /** Compacts a box, or plans to. */
  @FunctionalInterface
  private interface Treatment {
    Outcome of(BoxId box);
  }

  private FleetOutcome ofAll(Treatment treatment) {
    ImmutableList.Builder<Compacted> compacted = ImmutableList.builder();
    Map<BoxId, String> skipped = new LinkedHashMap<>();
    for (Box box : store.read(view -> view.boxes().list())) {
      try {
        Outcome outcome = treatment.of(box.id());
        if (outcome instanceof Compacted done) {
          compacted.add(done);
        } else if (outcome instanceof Left left
            && !(left.reason() instanceof LeaveReason.ShortEnough)) {
          skipped.put(box.id(), left.reason().describe());
        }
      } catch (HomeUnusableException noBoxCanBe) {
        throw noBoxCanBe;
      } catch (RefusedException | InvalidImageException | NotFoundException e) {
        skipped.put(box.id(), String.valueOf(e.getMessage()));
      } catch (StorageException e) {
        // If the store has failed, this fails too and ends the loop.
        store.read(view -> view.boxes().find(box.id()));
        skipped.put(box.id(), String.valueOf(e.getMessage()));
      }
    }
    return new FleetOutcome(compacted.build(), ImmutableMap.copyOf(skipped));
  }

  // Inspection of the disk.

  /** A disk to compact, with the layers to merge. */
  private record DeepDisk(
      Box box,
      DiskClaim claim,
      Merge verdict,
      ImmutableList<Layer> chain,
      ImmutableList<BaseDisk> bases) {

    LayerMerge merge() {
      return new LayerMerge(
          chain.stream()
              .map(layer -> new ChainFile(layer.realPath(), layer.format(), layer.identity()))
              .collect(ImmutableList.toImmutableList()),
          verdict.kept());
    }

    int depth() {
      return chain.size() - 1;
    }
  }

  /** Compacts a disk, or estimates the result. */
  @FunctionalInterface
  private interface Work {
    Outcome on(DeepDisk disk);
  }

  /** Compacts a disk while no process can start to write to it or to a layer below it. */
  @FunctionalInterface
  private interface GuardedWork {
    Outcome on(DeepDisk disk, ImageLocks.Guard guard);
  }

  private Outcome guarded(BoxId id, MaxDepth limit, SharedLayers shared, GuardedWork work) {
    Box box = store.read(view -> RegisteredBoxes.require(view, id));
    Path path = box.disk(DiskSlot.CONTAINER);
    FileStatus before = disks.requireFile(path);
    // Guard the disk before inspecting it, so that no process starts to write to it in between.
    try (ImageLocks.Guard guard = imageLocks.guard(path)) {
      return judged(
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
   * Inspects a disk, gets the policy's verdict and does the work if there is something to merge.
   *
   * @param before status of the disk before it was guarded or its writers were looked up, which
   *     must have been for the same file
   */
  private Outcome judged(
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

  /**
   * Settles interrupted operations. A fork's base, for example, may be in the disk's chain but not
   * recorded.
   */
  private void awaitNothingUnderWay(BoxId box) {
    for (Intent intent : store.read(view -> view.intents().list())) {
      if (intent.boxes().stream().anyMatch(claim -> claim.box().equals(box))) {
        operations.awaitSettled(intent.id(), "box " + box);
      }
    }
  }

  /** Checks that a disk can be forked, and is still the same file. */
  private DiskClaim inspect(Box box, Path disk, FileStatus before) {
    FileStatus status =
        inspection.inspectForFork(box.disk(DiskSlot.CONTAINER), disk, Internals.REFUSE).file();
    if (!status.identity().equals(before.identity())) {
      throw new RefusedException(disk + ": was replaced by another file; try again");
    }
    return new DiskClaim(DiskSlot.CONTAINER, disk, status.identity());
  }

  private Guards guardsOf(ImmutableList<Layer> layers) {
    return Guards.of(
        imageLocks, layers.stream().map(Layer::realPath).collect(ImmutableList.toImmutableList()));
  }

  // Private and shared layers.

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
            below.add(new LayerBelow(above, isPrivate, bytesOf(base.diskInfo().basePath())));
          }
          return below.build();
        });
  }

  /**
   * Returns whether a base is private to a box's disk, by the store's records.
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

  private long bytesOf(Path file) {
    return files.status(file).map(FileStatus::allocatedBytes).orElse(0L);
  }

  // Estimate and execution.

  private Outcome estimate(DeepDisk disk) {
    Merge verdict = disk.verdict();
    ImmutableList<BaseDiskId> going = verdict.merged().subList(0, verdict.going());
    long freed = going.stream().map(home::baseFile).mapToLong(this::bytesOf).sum();
    return new Compacted(
        boxes.get(disk.box().id()),
        verdict,
        disk.depth(),
        images.measureMerged(disk.merge()),
        bytesOf(disk.claim().path()),
        new CollectionReport(going, freed, ImmutableMap.of()));
  }

  private Outcome merge(OperationId id, DeepDisk disk, ImageLocks.Guard guard, Progress progress) {
    Path path = disk.claim().path();
    long replaced = bytesOf(path);
    replace(id, disk, guard, progress);
    return new Compacted(
        boxes.get(disk.box().id()),
        disk.verdict(),
        disk.depth(),
        bytesOf(path),
        replaced,
        new CollectionReport(ImmutableList.of(), 0, ImmutableMap.of()));
  }

  /**
   * Collects the bases that a merge has made unneeded, after the guards of the layers are closed.
   */
  private Outcome collect(OperationId id, Compacted done) {
    CollectionReport report =
        collector.collectAfter(
            id,
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
    Intent.Compact intent =
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
    if (!RegisteredBoxes.require(view, box).disksDir().equals(disk.box().disksDir())
        || !Ancestry.from(view, reference).equals(disk.bases())) {
      throw RegisteredBoxes.changed(box);
    }
    requireBase(view, base.id());
  }
}
