package io.basedisk.domain;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.Intent.BoxClaim;
import io.basedisk.domain.model.Intent.DiskClaim;
import io.basedisk.domain.model.Intent.PlannedBase;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.ClaimedFiles;
import io.basedisk.domain.protocol.ForkProtocol;
import io.basedisk.domain.protocol.Operations;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Forks a disk: makes it an immutable base and leaves an empty overlay of it at the disk's path.
 *
 * <p>Refuses, before anything is changed, a disk of which that would not be safe. Safe for many
 * threads.
 */
final class Forks {

  private static final int SECTOR = 512;
  private static final int ROOT = 0;

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final ClaimedFiles claimed;
  private final DiskImages images;
  private final BackingChains chains;
  private final ImageLocks imageLocks;
  private final Operations operations;
  private final ForkProtocol protocol;
  private final Ports ports;
  private final RandomGenerator random;

  Forks(Ports ports, BackingChains chains, Operations operations, ForkProtocol protocol) {
    this.home = ports.home();
    this.store = ports.store();
    this.files = ports.files();
    this.claimed = new ClaimedFiles(files);
    this.images = ports.images();
    this.chains = chains;
    this.imageLocks = ports.imageLocks();
    this.operations = operations;
    this.protocol = protocol;
    this.ports = ports;
    this.random = ports.random();
  }

  /**
   * Forks the container disk of a box.
   *
   * @param box the box and its disks directory; registered with the fork if it is not yet
   * @throws RefusedException if the disk is in use, dirty, or not to be forked as it is
   * @throws io.basedisk.domain.error.BusyException if another operation has claimed it and does not
   *     end in time, or can't be settled
   * @throws InvalidImageException if the disk, or its chain, is not valid
   * @throws AlreadyExistsException if the name is taken, or the directory is another box's
   */
  BaseDisk fork(BoxClaim box, BaseDiskKind kind, @Nullable SnapshotName name) {
    while (true) {
      Path path = files.realPath(box.disk(DiskSlot.CONTAINER));
      OperationId unsettled;
      // First the guard, then the look at the disk: nobody starts to write to it in between.
      try (ImageLocks.Guard guard = imageLocks.guard(path)) {
        DiskClaim disk = inspect(box, path);
        Optional<BaseDiskId> parent = chains.nearestBase(path);
        Optional<OperationId> maker = parent.flatMap(base -> unsettledMakerOf(base, path));
        if (maker.isEmpty()) {
          return fork(box, disk, parent, kind, name, guard);
        }
        unsettled = maker.get();
      }
      // Without the guard: to whoever settles that operation, it would be a user of the overlay.
      operations.awaitSettled(unsettled, "box " + box.box());
    }
  }

  private BaseDisk fork(
      BoxClaim box,
      DiskClaim disk,
      Optional<BaseDiskId> parent,
      BaseDiskKind kind,
      @Nullable SnapshotName name,
      ImageLocks.Guard guard) {
    BaseDiskId id = unusedId();
    OperationId operation = OperationId.mint(random);
    Path base = home.baseFile(id);
    BoxId source = kind == BaseDiskKind.ROOTFS ? BoxId.GLOBAL : box.box();
    Intent intent =
        new Intent(
            operation,
            Operation.FORK,
            ImmutableList.of(box),
            ImmutableList.of(disk),
            parent.map(ImmutableSet::of).orElseGet(ImmutableSet::of),
            new PlannedBase(id, base, source, name, kind, parent.orElse(null)),
            ForkProtocol.createdFiles(operation, disk.path(), base),
            ports.now());
    operations.perform(
        intent,
        tx -> {
          checkBox(tx, box);
          checkName(tx, source, name);
          // Within the claims: until now another fork may have given the path to another file.
          claimed.checkUnchanged(disk);
        },
        () -> protocol.run(intent, guard));
    return store
        .read(view -> view.findBase(id))
        .orElseThrow(() -> new NotFoundException("base " + id + " was removed meanwhile"));
  }

  private static void checkBox(StoreView view, BoxClaim claim) {
    Optional<Box> known = view.findBox(claim.box());
    if (known.isPresent() && !known.get().disksDir().equals(claim.disksDir())) {
      throw new RefusedException(
          "box " + claim.box() + " has its disks in " + known.get().disksDir());
    }
    Optional<Box> owner = view.findBoxByDisksDir(claim.disksDir());
    if (owner.isPresent() && !owner.get().id().equals(claim.box())) {
      throw new AlreadyExistsException(
          claim.disksDir() + ": is the disks directory of box " + owner.get().id());
    }
  }

  private static void checkName(StoreView view, BoxId source, @Nullable SnapshotName name) {
    if (name != null && view.findBaseByName(source, name).isPresent()) {
      throw new AlreadyExistsException(
          source.equals(BoxId.GLOBAL)
              ? "a rootfs " + name + " exists already"
              : "box " + source + " has a snapshot " + name + " already");
    }
  }

  // What a disk must be to be forked in place.

  private DiskClaim inspect(BoxClaim box, Path disk) {
    Path named = box.disk(DiskSlot.CONTAINER);
    FileStatus status =
        files.status(disk).orElseThrow(() -> new NotFoundException(named + ": no such file"));
    if (!status.isRegularFile()) {
      throw new RefusedException(disk + ": is not a regular file");
    }
    if (status.links() != 1) {
      throw new RefusedException(
          disk + ": has " + status.links() + " names; a disk with another name can't be immutable");
    }
    checkHeader(disk, images.readHeader(disk));
    checkBackingName(named, images.readHeader(disk));
    checkReachable(disk, status);
    return new DiskClaim(DiskSlot.CONTAINER, disk, status.identity());
  }

  private static void checkHeader(Path disk, ImageHeader header) {
    if (header.corrupt()) {
      throw new InvalidImageException(disk + ": is marked corrupt");
    }
    if (header.virtualSize() < SECTOR || header.virtualSize() % SECTOR != 0) {
      throw new InvalidImageException(
          disk + ": its virtual size " + header.virtualSize() + " is not a multiple of 512");
    }
    if (header.dirty()) {
      throw new RefusedException(
          disk
              + ": is dirty: in use, or not closed properly; if no VM runs on it,"
              + " `qemu-img check -r all "
              + disk
              + "` mends it");
    }
    if (header.internalSnapshots() > 0) {
      throw new RefusedException(
          disk + ": has " + header.internalSnapshots() + " internal snapshots");
    }
    if (header.persistentBitmaps() > 0) {
      throw new RefusedException(
          disk + ": has " + header.persistentBitmaps() + " persistent bitmaps");
    }
  }

  /** A relative backing name must mean the same file when the disk is in the bases directory. */
  private void checkBackingName(Path named, ImageHeader header) {
    BackingFile backing = header.backing();
    if (backing == null) {
      return;
    }
    Path here = BackingChains.resolve(named, backing.name());
    Path there = BackingChains.resolve(home.bases().resolve("base"), backing.name());
    if (!here.equals(there) && !isSameFile(here, there)) {
      throw new RefusedException(
          named
              + ": its backing file \""
              + backing.name()
              + "\" would not be found from "
              + home.bases()
              + "; make the name absolute with qemu-img rebase -u");
    }
  }

  private boolean isSameFile(Path a, Path b) {
    Optional<FileStatus> statusOfA = files.status(a);
    return statusOfA.isPresent()
        && files
            .status(b)
            .filter(status -> status.identity().equals(statusOfA.get().identity()))
            .isPresent();
  }

  /** The disk's owner runs the VM and must be able to open the base where it will be. */
  private void checkReachable(Path disk, FileStatus status) {
    for (Path d = home.bases(); d != null; d = d.getParent()) {
      if (!canPass(status, files.status(d))) {
        throw new RefusedException(
            disk
                + ": its owner, user "
                + status.owner()
                + ", could not reach the base: no access to "
                + d);
      }
    }
  }

  private static boolean canPass(FileStatus disk, Optional<FileStatus> directory) {
    if (disk.owner() == ROOT || directory.isEmpty()) {
      return disk.owner() == ROOT;
    }
    FileStatus d = directory.get();
    int search = d.owner() == disk.owner() ? 0100 : d.group() == disk.group() ? 0010 : 0001;
    return (d.mode() & search) != 0;
  }

  /**
   * Returns the operation that is yet to record {@code base}, which {@code disk} backs onto: a fork
   * that is behind its rename. Empty if the base is recorded.
   */
  private Optional<OperationId> unsettledMakerOf(BaseDiskId base, Path disk) {
    return store.read(
        view -> {
          if (view.findBase(base).isPresent()) {
            return Optional.empty();
          }
          return Optional.of(
              view.listIntents().stream()
                  .filter(intent -> plans(intent, base))
                  .map(Intent::id)
                  .findFirst()
                  .orElseThrow(() -> unrecorded(base, disk)));
        });
  }

  private static boolean plans(Intent intent, BaseDiskId base) {
    return intent.plannedBase() != null && intent.plannedBase().id().equals(base);
  }

  private RefusedException unrecorded(BaseDiskId base, Path disk) {
    return new RefusedException(
        disk + ": backs onto " + home.baseFile(base) + ", of which there is no record");
  }

  private BaseDiskId unusedId() {
    BaseDiskId id = BaseDiskId.mint(random);
    while (files.status(home.baseFile(id)).isPresent() || isRecorded(id)) {
      id = BaseDiskId.mint(random);
    }
    return id;
  }

  private boolean isRecorded(BaseDiskId id) {
    return store.read(view -> view.findBase(id)).isPresent();
  }
}
