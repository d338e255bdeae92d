package io.basedisk.domain.compact;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.base.BaseInspection;
import io.basedisk.domain.base.DiskInspection;
import io.basedisk.domain.base.InternalSnapshots;
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
import io.basedisk.domain.port.Ports;
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
import org.jspecify.annotations.Nullable;

/**
 * Shortens the chains of boxes' container disks: the upper layers of a chain become one, with the
 * same content, and the bases that only this disk needed go. No base is changed, and so no other
 * chain. Which layers is {@link CompactionPolicy}'s to say. Safe for many threads.
 */
public final class Compactions {

  /** What became of a box's disk, or would. */
  public sealed interface Outcome {

    /** Returns the box as it is now. */
    BoxDetails box();
  }

  /**
   * Its upper layers are one.
   *
   * @param merge which, and how deep the chain is by that
   * @param depthBefore how deep it was
   * @param writtenBytes what the disk's file occupies by that; before it is done, at most
   * @param replacedBytes what it occupied before
   * @param report what was collected of the layers
   */
  public record Compacted(
      BoxDetails box,
      Merge merge,
      int depthBefore,
      long writtenBytes,
      long replacedBytes,
      CollectionReport report)
      implements Outcome {}

  /** It is as it was, and why. */
  public record Left(BoxDetails box, LeaveReason reason) implements Outcome {}

  /**
   * What became of all boxes' disks, or would.
   *
   * @param compacted those of which the upper layers are one
   * @param skipped the boxes with deeper chains, or ones that can't be followed, that are as they
   *     were, and why
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

  public Compactions(
      Ports ports,
      BackingChains chains,
      Boxes boxes,
      Operations operations,
      CompactProtocol protocol,
      Collector collector) {
    this.home = ports.home();
    this.store = ports.store();
    this.files = ports.files();
    this.disks = new RegisteredDisks(ports);
    this.claimed = new ClaimedFiles(files);
    this.inspection = new DiskInspection(ports);
    this.bases = new BaseInspection(ports, chains);
    this.images = ports.images();
    this.chains = chains;
    this.recorded = new RecordedChains(ports, chains);
    this.directories = new DisksDirectories(files);
    this.imageLocks = ports.imageLocks();
    this.boxes = boxes;
    this.operations = operations;
    this.random = ports.random();
    this.protocol = protocol;
    this.collector = collector;
  }

  // One box.

  /**
   * Shortens the chain of a box's container disk if it is deeper than {@code limit}, and collects
   * what that frees. An interrupt of the thread gives up and leaves the disk as it was.
   *
   * @throws NotFoundException if there is no such box, or its disk is missing
   * @throws RefusedException if somebody writes to the disk or to a layer, if the disk is dirty,
   *     has internal snapshots, bitmaps or another name, or if the box is busy
   * @throws InvalidImageException if the disk or its chain is not valid
   * @throws io.basedisk.domain.error.StorageException if there is no space for the merged layer, or
   *     a step fails
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   */
  public Outcome compact(BoxId box, MaxDepth limit, Progress progress) {
    return compact(box, limit, SharedLayers.COPY, progress);
  }

  /**
   * Returns what {@link #compact} would do now, and changes nothing.
   *
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

  /** Takes no locks: a VM must not fail to start because somebody only asks. */
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

  /** Looks at the headers alone, so that a box that is no concern of this is not disturbed. */
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
   * Shortens every chain of a container disk that is deeper than {@code limit}, box by box. Layers
   * that others need are only copied where that is cheap for what it gains. A box that is in use or
   * busy, whose chain is damaged or can't be read, or on which a step fails, is skipped.
   *
   * @throws StorageException if the store fails; the boxes before stay compacted
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     the boxes before stay compacted
   */
  public FleetOutcome compactAll(MaxDepth limit, Progress progress) {
    return ofAll(box -> compact(box, limit, SharedLayers.COPY_IF_CHEAP, progress));
  }

  /** Returns what {@link #compactAll} would do now, and changes nothing. */
  public FleetOutcome planAll(MaxDepth limit) {
    return ofAll(box -> plan(box, limit, SharedLayers.COPY_IF_CHEAP));
  }

  /** What is done with each box. */
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
        // If it is the store that fails, it fails here again.
        store.read(view -> view.boxes().find(box.id()));
        skipped.put(box.id(), String.valueOf(e.getMessage()));
      }
    }
    return new FleetOutcome(compacted.build(), ImmutableMap.copyOf(skipped));
  }

  // The disk, looked at.

  /** A disk that is to be compacted, and how. */
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

  /** What is done with a disk that is to be compacted. */
  @FunctionalInterface
  private interface Work {
    Outcome on(DeepDisk disk);
  }

  /** What is done with it as long as nobody can start to write to it, nor to a layer below it. */
  @FunctionalInterface
  private interface GuardedWork {
    Outcome on(DeepDisk disk, ImageLocks.Guard guard);
  }

  private Outcome guarded(BoxId id, MaxDepth limit, SharedLayers shared, GuardedWork work) {
    Box box = store.read(view -> RegisteredBoxes.require(view, id));
    Path path = box.disk(DiskSlot.CONTAINER);
    FileStatus before = disks.requireFile(path);
    // First the guard, then the look at the disk: nobody starts to write to it in between.
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
   * @param before the status of the disk before it was guarded, or asked about: that was of this
   *     file
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
   * What a changed base reads now would become the disk's own, and stay when the base is put back.
   */
  private void requireIntact(RecordedChains.Chain chain) {
    if (!chain.bases().isEmpty()) {
      bases.requireIntact(chain.bases().get(0).id());
    }
  }

  private RefusedException busy(BoxId box) {
    return store
        .read(view -> RegisteredBoxes.workerOn(view, box))
        .<RefusedException>map(worker -> new BusyException("box " + box, worker.value()))
        .orElseGet(() -> new RefusedException("box " + box + " was changed meanwhile"));
  }

  /** Settles what was left half done; a fork's base, say, may be on the disk and not recorded. */
  private void awaitNothingUnderWay(BoxId box) {
    for (Intent intent : store.read(view -> view.intents().list())) {
      if (intent.boxes().stream().anyMatch(claim -> claim.box().equals(box))) {
        operations.awaitSettled(intent.id(), "box " + box);
      }
    }
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

  private Guards guardsOf(ImmutableList<Layer> layers) {
    return Guards.of(
        imageLocks, layers.stream().map(Layer::realPath).collect(ImmutableList.toImmutableList()));
  }

  // What the layers are to others.

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
            below.add(new LayerBelow(above, goes, bytesOf(base.diskInfo().basePath())));
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

  private long bytesOf(Path file) {
    return files.status(file).map(FileStatus::allocatedBytes).orElse(0L);
  }

  // Doing it, or not.

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

  /** Collects what a merge has freed, once the guards of the layers are gone. */
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
    // Before it is read: what is written from now on is seen, whatever happens to this process.
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
          // Within the claims: until now another operation may have given the path to another file.
          claimed.checkUnchanged(intent.disk());
        },
        () ->
            protocol.run(
                intent, guard, image -> images.createMerged(image, disk.merge(), progress)));
  }

  private static BaseDisk requireBase(StoreView view, BaseDiskId base) {
    return view.bases()
        .find(base)
        .orElseThrow(() -> new RefusedException("base " + base + " was removed meanwhile"));
  }

  private static void checkStillKnown(StoreView view, DeepDisk disk, BaseDisk base) {
    BoxId box = disk.box().id();
    BaseDiskId reference = Ancestry.baseOf(view, box, DiskSlot.CONTAINER).orElse(null);
    if (!RegisteredBoxes.require(view, box).disksDir().equals(disk.box().disksDir())
        || !Ancestry.from(view, reference).equals(disk.bases())) {
      throw new RefusedException("box " + box + " was changed meanwhile");
    }
    requireBase(view, base.id());
  }
}
