package io.basedisk.domain.base;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.DiskInspection.Inspected;
import io.basedisk.domain.base.ForeignRecords.Recording;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
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
 * Makes bases of disks. A fork makes the disk's own file a base and leaves an empty overlay at the
 * disk's path; a copy leaves the disk as it is.
 *
 * <p>Refuses an unfit disk before anything is changed. Thread-safe.
 */
final class NewBases {

  /**
   * The description of a new base.
   *
   * @param box the box, with its disks directory
   * @param disk path of its container disk, the source of the base
   * @param kind the kind
   * @param name the name, unique within the source box; null for none
   * @param internals what to do if the disk has internal snapshots or bitmaps
   * @param allowed the files outside the home that may become foreign bases, if the box's disks
   *     back onto them
   * @param progress receives the bytes of the disk's file, if it is copied
   */
  record Wanted(
      BoxClaim box,
      Path disk,
      BaseDiskKind kind,
      @Nullable BaseName name,
      InternalSnapshots internals,
      ImmutableSet<Path> allowed,
      Progress progress) {

    Wanted {
      if (name != null && !name.fits(kind)) {
        throw new InvalidArgumentException(
            "invalid name \"" + name + "\": a rootfs has a key, other bases a snapshot's name");
      }
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
   * Forks a box's container disk. Registers the box if it is not yet.
   *
   * @param wanted the new base
   * @throws RefusedException if the disk is in use, dirty, or otherwise unfit to be forked
   * @throws io.basedisk.domain.error.BusyException if another operation has claimed the disk and
   *     does not end before the timeout, or can't be settled
   * @throws InvalidImageException if the disk or its chain is not valid
   * @throws AlreadyExistsException if the name is taken, or the directory is another box's
   */
  Made fork(Wanted wanted) {
    return whenSettled(wanted, foreign -> tryFork(wanted, foreign));
  }

  /**
   * Makes a base of a copy of a registered box's container disk, which a paused VM may have open.
   *
   * @param wanted the new base
   * @throws RefusedException if the disk is written to, dirty, or otherwise unfit to be copied
   * @throws io.basedisk.domain.error.BusyException as {@link #fork}
   * @throws InvalidImageException as {@link #fork}
   * @throws AlreadyExistsException if the name is taken
   */
  Made copy(Wanted wanted) {
    return whenSettled(wanted, foreign -> tryCopy(wanted, foreign));
  }

  /**
   * A new base, and the operation that made it.
   *
   * @param base the base
   * @param operation the operation
   */
  record Made(BaseDisk base, OperationId operation) {}

  /** The outcome of one attempt to make a base. */
  private sealed interface Outcome {

    record Recorded(BaseDiskId base, OperationId operation) implements Outcome {}

    /** The disk backs onto a base that an unfinished fork will record. */
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
      // Refuses a link as the disk's path: its target is another box's disk, or a base.
      disks.requireFile(wanted.disk());
      checkOtherDisks(wanted.box(), foreign);
      Outcome outcome = attempt.apply(foreign);
      if (outcome instanceof Outcome.Recorded made) {
        BaseDisk base =
            store
                .read(view -> view.bases().find(made.base()))
                .orElseThrow(
                    () ->
                        new NotFoundException(
                            "base " + made.base() + " was removed right after it was made"));
        return new Made(base, made.operation());
      } else if (outcome instanceof Outcome.Unsettled unsettled) {
        // Called without a guard: the guard would look like a user of the overlay to the process
        // that settles the operation.
        operations.awaitSettled(unsettled.operation(), "box " + wanted.box().box());
      }
    }
  }

  /**
   * Checks that the other disks of an unregistered box can be read. The fork records the bases
   * below them after its commit point, when it must not fail.
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
    // The guard first, so that no process can start to write to the disk after the inspection.
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
          intent -> forking.run(intent, guard, virtualSize, wanted.progress()));
    }
  }

  private Outcome tryCopy(Wanted wanted, Recording foreign) {
    Path path = wanted.disk();
    try (ImageLocks.Share share = imageLocks.share(path)) {
      CopyProtocol.DiskStamp before = copying.readStamp(path);
      inspection.inspectForCopy(wanted.disk(), path, before.header(), wanted.internals());
      DiskClaim claim = new DiskClaim(DiskSlot.CONTAINER, path, before.file().identity());
      return make(
          wanted,
          foreign,
          claim,
          before.header(),
          base -> copying.plan(wanted.box(), claim, base),
          intent -> copying.run(intent, before, wanted.progress()));
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
    BaseName name = nameOf(id, wanted);
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

  /**
   * {@return the name of the record} A rootfs without a key would count as superseded, so its id,
   * which is unique, is the key.
   */
  private static @Nullable BaseName nameOf(BaseDiskId id, Wanted wanted) {
    return wanted.name() == null && wanted.kind() == BaseDiskKind.ROOTFS
        ? new RootfsKey(id.value())
        : wanted.name();
  }
}
