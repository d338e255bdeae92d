package io.basedisk.domain.base;

import io.basedisk.domain.base.ForeignRecords.Recording;
import io.basedisk.domain.base.NewBases.Wanted;
import io.basedisk.domain.disk.BoxRegistration;
import io.basedisk.domain.disk.Readers;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.ClaimedFiles;
import io.basedisk.domain.protocol.DisksDirectories;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Checks a new base in the transaction that claims its disk. Thread-safe. */
final class NewBaseChecks {

  private final RegisteredDisks disks;
  private final ClaimedFiles claimed;
  private final Readers readers;
  private final DisksDirectories directories;

  @Inject
  NewBaseChecks(
      RegisteredDisks disks, ClaimedFiles claimed, Readers readers, DisksDirectories directories) {
    this.disks = disks;
    this.claimed = claimed;
    this.readers = readers;
    this.directories = directories;
  }

  /**
   * Checks that the box, the disk and the name of a base may be claimed.
   *
   * @param foreign the files outside the home that may become foreign bases
   * @param disk the disk's claim, made before the transaction
   * @param name the name of the base; null for none
   * @param parent the base that the disk's header names
   * @throws RefusedException if the box or the disk was changed
   * @throws AlreadyExistsException if the name is taken, or the directory is another box's
   * @throws UnallowedFileException if the box is new, and its owner could not read the parent
   * @throws io.basedisk.domain.error.InvalidImageException if another parent is recorded
   */
  void check(
      StoreTransaction tx,
      Wanted wanted,
      Recording foreign,
      DiskClaim disk,
      @Nullable BaseName name,
      Optional<BaseDiskId> parent) {
    Optional<Box> known = checkBox(tx, wanted.box(), wanted.disk());
    if (known.isEmpty()) {
      checkReadable(tx, foreign, disk, parent);
    }
    checkName(tx, wanted.source(), name);
    // Checked after the claim: before it, another fork may have given the path to another file.
    claimed.checkUnchanged(disk);
    known.ifPresent(box -> checkRecorded(tx, box, foreign, disk, parent));
  }

  /**
   * Checks that the owner of an unregistered box may read its base: no record confirms the header,
   * which the owner has written. For the disk of a forgotten box, a hold does.
   */
  private void checkReadable(
      StoreView view, Recording foreign, DiskClaim disk, Optional<BaseDiskId> parent) {
    FileStatus status = disks.requireFile(disk.path());
    parent
        .flatMap(view.bases()::find)
        .filter(base -> !foreign.allows(base.diskInfo().basePath()))
        .filter(base -> !BoxRegistration.isHeldFor(view, base.id(), disk.path()))
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
  private static Optional<Box> checkBox(StoreView view, BoxClaim claim, Path disk) {
    Optional<Box> known = view.boxes().find(claim.box());
    if (known.isPresent() && !known.get().disksDir().equals(claim.disksDir())) {
      throw new RefusedException(
          "box " + claim.box() + " has its disks in " + known.get().disksDir());
    }
    if (known.isPresent() && !known.get().disk(DiskSlot.CONTAINER).equals(disk)) {
      throw RegisteredBoxes.changed(claim.box());
    }
    Optional<Box> owner = view.boxes().findByDisk(disk);
    if (owner.isPresent() && !owner.get().id().equals(claim.box())) {
      throw new AlreadyExistsException(
          claim.disksDir() + ": holds the disk of box " + owner.get().id());
    }
    return known;
  }

  private static void checkName(StoreView view, BoxId source, @Nullable BaseName name) {
    if (name != null && view.bases().findByName(source, name).isPresent()) {
      throw new AlreadyExistsException(
          source.equals(BoxId.GLOBAL)
              ? "a rootfs " + name + " exists already"
              : "box " + source + " has a snapshot " + name + " already",
          source.equals(BoxId.GLOBAL)
              ? new Remedy.ChooseRootfsKey(name.value())
              : new Remedy.ChooseSnapshotName(source.value(), name.value()));
    }
  }
}
