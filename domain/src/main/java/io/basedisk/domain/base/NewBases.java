package io.basedisk.domain.base;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.DiskInspection.Inspected;
import io.basedisk.domain.base.ForeignRecords.Recording;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.Readers;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxClaim;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskClaim;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
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
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.ClaimedFiles;
import io.basedisk.domain.protocol.CopyProtocol;
import io.basedisk.domain.protocol.DisksDirectories;
import io.basedisk.domain.protocol.ForkProtocol;
import io.basedisk.domain.protocol.Operations;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes bases of disks. A fork makes the disk's own file a base and leaves an empty overlay at the
 * disk's path; a copy leaves the disk as it is.
 *
 * <p>Refuses an unfit disk before anything is changed. Thread-safe.
 */
public final class NewBases {

  /**
   * The description of a new base.
   *
   * @param box the box, with its disks directory; the base is made of its container disk
   * @param kind the kind
   * @param name the name, unique within the source box; null for none
   * @param internals what to do if the disk has internal snapshots or bitmaps
   * @param allowed the files outside the home that may become foreign bases, if the box's disks
   *     back onto them
   */
  public record Wanted(
      BoxClaim box,
      BaseDiskKind kind,
      @Nullable SnapshotName name,
      InternalSnapshots internals,
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
  private final ClaimedFiles claimed;
  private final BackingChains chains;
  private final DiskLineage lineage;
  private final ForeignRecords foreignRecords;
  private final DiskImages images;
  private final Readers readers;
  private final DisksDirectories directories;
  private final BaseInspection bases;
  private final ImageLocks imageLocks;
  private final DiskInspection inspection;
  private final Operations operations;
  private final ForkProtocol forking;
  private final CopyProtocol copying;
  private final RandomGenerator random;

  public NewBases(
      Ports ports,
      BackingChains chains,
      Operations operations,
      ForkProtocol forking,
      CopyProtocol copying) {
    this.home = ports.home();
    this.store = ports.store();
    this.files = ports.files();
    this.disks = new RegisteredDisks(ports);
    this.claimed = new ClaimedFiles(files);
    this.chains = chains;
    this.lineage = new DiskLineage(ports);
    this.foreignRecords = new ForeignRecords(ports);
    this.images = ports.images();
    this.readers = new Readers(files);
    this.directories = new DisksDirectories(files);
    this.bases = new BaseInspection(ports, chains);
    this.imageLocks = ports.imageLocks();
    this.inspection = new DiskInspection(ports);
    this.operations = operations;
    this.forking = forking;
    this.copying = copying;
    this.random = ports.random();
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
  public Made fork(Wanted wanted) {
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
  public Made copy(Wanted wanted) {
    return whenSettled(wanted, foreign -> tryCopy(wanted, foreign));
  }

  /**
   * A new base, and the operation that made it.
   *
   * @param base the base
   * @param operation the operation
   */
  public record Made(BaseDisk base, OperationId operation) {}

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
          intent -> forking.run(intent, guard, virtualSize));
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
    Optional<OperationId> maker = parent.flatMap(base -> unsettledMakerOf(base, disk.path()));
    if (maker.isPresent()) {
      return new Outcome.Unsettled(maker.get());
    }
    parent.ifPresent(base -> bases.requireIntactBelow(disk.path(), header, base));
    BaseDiskId id = unusedId();
    SnapshotName name = nameOf(id, wanted);
    I intent =
        plan.apply(
            new PlannedBase(
                id, home.baseFile(id), wanted.source(), name, wanted.kind(), parent.orElse(null)));
    operations.perform(
        intent,
        tx -> {
          Optional<Box> known = checkBox(tx, wanted.box());
          if (known.isEmpty()) {
            checkReadable(tx, foreign, disk, parent);
          }
          checkName(tx, wanted.source(), name);
          // Checked after the claim: before it, another fork may have given the path to another
          // file.
          claimed.checkUnchanged(disk);
          known.ifPresent(box -> checkRecorded(tx, box, foreign, disk, parent));
        },
        () -> steps.accept(intent));
    return new Outcome.Recorded(id, intent.id());
  }

  /**
   * Returns the name of the record. A rootfs without a key would count as superseded, so its id,
   * which is unique, is the key.
   */
  private static @Nullable SnapshotName nameOf(BaseDiskId id, Wanted wanted) {
    return wanted.name() == null && wanted.kind() == BaseDiskKind.ROOTFS
        ? new SnapshotName(id.value())
        : wanted.name();
  }

  /**
   * Checks that the owner of an unregistered box may read its base: no record confirms the header,
   * which the owner has written.
   */
  private void checkReadable(
      StoreView view, Recording foreign, DiskClaim disk, Optional<BaseDiskId> parent) {
    FileStatus status = disks.requireFile(disk.path());
    parent
        .flatMap(view.bases()::find)
        .filter(base -> !foreign.allows(base.diskInfo().basePath()))
        .filter(base -> !readers.mayRead(status, base.diskInfo().basePath()))
        .ifPresent(
            base -> {
              throw new UnallowedFileException(disk.path(), base.diskInfo().basePath());
            });
  }

  private void checkRecorded(
      StoreTransaction tx,
      Box box,
      Recording foreign,
      DiskClaim disk,
      Optional<BaseDiskId> parent) {
    directories.pin(tx, box);
    if (Ancestry.baseOf(tx, box.id(), disk.slot()).isEmpty()
        && parent
            .flatMap(tx.bases()::find)
            .filter(base -> foreign.allows(base.diskInfo().basePath()))
            .isPresent()) {
      // The caller has allowed this file, and a box that was registered earlier may back onto it.
      return;
    }
    DiskLineage.requireRecorded(tx, box.id(), disk.slot(), disk.path(), parent.orElse(null));
  }

  /** Checks that a box may be claimed, and returns its record if it is registered. */
  private static Optional<Box> checkBox(StoreView view, BoxClaim claim) {
    Optional<Box> known = view.boxes().find(claim.box());
    if (known.isPresent() && !known.get().disksDir().equals(claim.disksDir())) {
      throw new RefusedException(
          "box " + claim.box() + " has its disks in " + known.get().disksDir());
    }
    Optional<Box> owner = view.boxes().findByDisk(claim.disk(DiskSlot.CONTAINER));
    if (owner.isPresent() && !owner.get().id().equals(claim.box())) {
      throw new AlreadyExistsException(
          claim.disksDir() + ": holds the disk of box " + owner.get().id());
    }
    return known;
  }

  private static void checkName(StoreView view, BoxId source, @Nullable SnapshotName name) {
    if (name != null && view.bases().findByName(source, name).isPresent()) {
      throw new AlreadyExistsException(
          source.equals(BoxId.GLOBAL)
              ? "a rootfs " + name + " exists already"
              : "box " + source + " has a snapshot " + name + " already");
    }
  }

  /**
   * Returns the unfinished fork that will record {@code base}, which {@code disk} backs onto; empty
   * if the base is recorded.
   */
  private Optional<OperationId> unsettledMakerOf(BaseDiskId base, Path disk) {
    return store.read(
        view -> {
          if (view.bases().find(base).isPresent()) {
            return Optional.empty();
          }
          return Optional.of(
              view.intents().list().stream()
                  .filter(intent -> plans(intent, base))
                  .map(Intent::id)
                  .findFirst()
                  .orElseThrow(() -> unrecorded(base, disk)));
        });
  }

  private static boolean plans(Intent intent, BaseDiskId base) {
    return intent.plannedBase().filter(planned -> planned.id().equals(base)).isPresent();
  }

  private RefusedException unrecorded(BaseDiskId base, Path disk) {
    return new RefusedException(
        disk + ": backs onto " + home.baseFile(base) + ", which has no record");
  }

  /** Returns an id that neither a base nor a file in the bases directory has. */
  public BaseDiskId unusedId() {
    BaseDiskId id = BaseDiskId.mint(random);
    while (files.status(home.baseFile(id)).isPresent() || isRecorded(id)) {
      id = BaseDiskId.mint(random);
    }
    return id;
  }

  private boolean isRecorded(BaseDiskId id) {
    return store.read(view -> view.bases().find(id)).isPresent();
  }
}
