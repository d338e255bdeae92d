package io.basedisk.domain.base;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.DiskInspection.Inspected;
import io.basedisk.domain.base.ForeignRecords.Recording;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxClaim;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskClaim;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.PlannedBase;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.protocol.CopyProtocol;
import io.basedisk.domain.protocol.ForkProtocol;
import io.basedisk.domain.protocol.Operations;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Makes bases of disks: of a disk's own file, of which an empty overlay is left at the disk's path,
 * or of a copy of it.
 *
 * <p>Refuses, before anything is changed, a disk of which that would not be safe. Safe for many
 * threads.
 */
final class NewBases {

  /**
   * A base that is to be made.
   *
   * @param box the box whose container disk it is made of, and its disks directory
   * @param kind why it is made
   * @param name unique within its source box; null for none
   * @param internals what becomes of snapshots and bitmaps inside the disk
   * @param allowed the files outside the home that become foreign bases if the box's disks stand on
   *     them
   */
  record Wanted(
      BoxClaim box,
      BaseDiskKind kind,
      @Nullable SnapshotName name,
      Internals internals,
      ImmutableSet<Path> allowed) {

    Path disk() {
      return box.disk(DiskSlot.CONTAINER);
    }

    BoxId source() {
      return kind == BaseDiskKind.ROOTFS ? BoxId.GLOBAL : box.box();
    }
  }

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final RegisteredDisks disks;
  private final BackingChains chains;
  private final DiskLineage lineage;
  private final ForeignRecords foreignRecords;
  private final DiskImages images;
  private final BaseInspection bases;
  private final ImageLocks imageLocks;
  private final DiskInspection inspection;
  private final Operations operations;
  private final ForkProtocol forking;
  private final CopyProtocol copying;
  private final NewBaseIds ids;
  private final NewBaseChecks checks;

  @Inject
  NewBases(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      RegisteredDisks disks,
      BackingChains chains,
      DiskLineage lineage,
      ForeignRecords foreignRecords,
      DiskImages images,
      BaseInspection bases,
      ImageLocks imageLocks,
      DiskInspection inspection,
      Operations operations,
      ForkProtocol forking,
      CopyProtocol copying,
      NewBaseIds ids,
      NewBaseChecks checks) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.disks = disks;
    this.chains = chains;
    this.lineage = lineage;
    this.foreignRecords = foreignRecords;
    this.images = images;
    this.bases = bases;
    this.imageLocks = imageLocks;
    this.inspection = inspection;
    this.operations = operations;
    this.forking = forking;
    this.copying = copying;
    this.ids = ids;
    this.checks = checks;
  }

  /**
   * Forks the container disk of a box, which is registered with the fork if it is not yet.
   *
   * @throws RefusedException if the disk is in use, dirty, or not to be forked as it is
   * @throws io.basedisk.domain.error.BusyException if another operation has claimed it and does not
   *     end in time, or can't be settled
   * @throws InvalidImageException if the disk, or its chain, is not valid
   * @throws AlreadyExistsException if the name is taken, or the directory is another box's
   */
  Made fork(Wanted wanted) {
    return whenSettled(wanted, foreign -> tryFork(wanted, foreign));
  }

  /**
   * Makes a base of a copy of the container disk of a registered box, which a VM that pauses may
   * have open.
   *
   * @throws RefusedException if the disk is written to, dirty, or not to be copied as it is
   * @throws io.basedisk.domain.error.BusyException as {@link #fork}
   * @throws InvalidImageException as {@link #fork}
   * @throws AlreadyExistsException if the name is taken
   */
  Made copy(Wanted wanted) {
    return whenSettled(wanted, foreign -> tryCopy(wanted, foreign));
  }

  /** A new base, and the operation that made it. */
  record Made(BaseDisk base, OperationId operation) {}

  /** What came of an attempt to make a base. */
  private sealed interface Outcome {

    record Recorded(BaseDiskId base, OperationId operation) implements Outcome {}

    /**
     * The disk backs onto a base that this operation is yet to record: a fork behind its rename.
     */
    record Unsettled(OperationId operation) implements Outcome {}
  }

  private Made whenSettled(Wanted wanted, Function<? super Recording, ? extends Outcome> attempt) {
    Recording foreign = foreignRecords.allowing(wanted.allowed());
    try {
      return whenSettled(wanted, foreign, attempt);
    } catch (RuntimeException | Error failure) {
      foreign.undo(failure);
      throw failure;
    }
  }

  private Made whenSettled(
      Wanted wanted, Recording foreign, Function<? super Recording, ? extends Outcome> attempt) {
    while (true) {
      // Never what a link at the end leads to: that is another box's, or a base.
      disks.requireFile(wanted.disk());
      checkOtherDisks(wanted.box(), foreign);
      Outcome outcome = attempt.apply(foreign);
      if (outcome instanceof Outcome.Recorded made) {
        BaseDisk base =
            store
                .read(view -> view.bases().find(made.base()))
                .orElseThrow(
                    () -> new NotFoundException("base " + made.base() + " was removed meanwhile"));
        return new Made(base, made.operation());
      } else if (outcome instanceof Outcome.Unsettled unsettled) {
        // Without a guard: to whoever settles that operation, it would be a user of the overlay.
        operations.awaitSettled(unsettled.operation(), "box " + wanted.box().box());
      }
    }
  }

  /**
   * Checks that the other disks of a box that is not registered yet can be read: once the fork is
   * past its commit point, the bases below them are recorded with it.
   */
  private void checkOtherDisks(BoxClaim box, Recording foreign) {
    if (store.read(view -> view.boxes().find(box.box())).isPresent()) {
      return;
    }
    for (DiskSlot slot : DiskSlot.values()) {
      Path disk = box.disk(slot);
      if (slot != DiskSlot.CONTAINER && files.status(disk).isPresent()) {
        disks.requireFile(disk);
        foreign.record(disk, images.readHeader(disk));
        chains.nearestBase(disk);
      }
    }
  }

  private Outcome tryFork(Wanted wanted, Recording foreign) {
    Path path = wanted.disk();
    // First the guard, then the look at the disk: nobody starts to write to it in between.
    try (ImageLocks.Guard guard = imageLocks.guard(path)) {
      Inspected disk = inspection.inspectForFork(wanted.disk(), path, wanted.internals());
      ByteSize virtualSize = new ByteSize(disk.header().virtualSize());
      DiskClaim claim = new DiskClaim(DiskSlot.CONTAINER, path, disk.file().identity());
      return make(
          wanted,
          foreign,
          claim,
          disk.header(),
          base -> forking.plan(wanted.box(), claim, base),
          intent -> forking.run(intent, guard, virtualSize));
    }
  }

  private Outcome tryCopy(Wanted wanted, Recording foreign) {
    Path path = wanted.disk();
    try (ImageLocks.Share share = imageLocks.share(path)) {
      CopyProtocol.Look before = copying.look(path);
      inspection.inspectForCopy(wanted.disk(), path, before.header(), wanted.internals());
      DiskClaim claim = new DiskClaim(DiskSlot.CONTAINER, path, before.file().identity());
      return make(
          wanted,
          foreign,
          claim,
          before.header(),
          base -> copying.plan(wanted.box(), claim, base),
          intent -> copying.run(intent, before));
    }
  }

  private <I extends Intent> Outcome make(
      Wanted wanted,
      Recording foreign,
      DiskClaim disk,
      ImageHeader header,
      Function<PlannedBase, I> plan,
      Consumer<I> steps) {
    foreign.record(disk.path(), header);
    Optional<BaseDiskId> parent = lineage.namedBase(disk.path(), header);
    Optional<OperationId> maker =
        parent.flatMap(base -> lineage.unsettledMakerOf(base, disk.path()));
    if (maker.isPresent()) {
      return new Outcome.Unsettled(maker.get());
    }
    parent.ifPresent(base -> bases.requireIntactBelow(disk.path(), header, base));
    BaseDiskId id = ids.unused();
    SnapshotName name = nameOf(id, wanted);
    I intent =
        plan.apply(
            new PlannedBase(
                id, home.baseFile(id), wanted.source(), name, wanted.kind(), parent.orElse(null)));
    operations.perform(
        intent,
        tx -> checks.check(tx, wanted, foreign, disk, name, parent),
        () -> steps.accept(intent));
    return new Outcome.Recorded(id, intent.id());
  }

  /** A rootfs without a key would count as superseded: its id is one that nothing else has. */
  private static @Nullable SnapshotName nameOf(BaseDiskId id, Wanted wanted) {
    return wanted.name() == null && wanted.kind() == BaseDiskKind.ROOTFS
        ? new SnapshotName(id.value())
        : wanted.name();
  }
}
