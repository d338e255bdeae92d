package io.basedisk.domain.doctor;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.chain.KnownBases;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.StoreTransaction;
import java.util.Optional;
import javax.inject.Inject;
import javax.inject.Provider;

/** Applies repairs. Each is checked again in the transaction that applies it. Thread-safe. */
final class Repairs {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final BackingChains chains;
  private final BaseRecording recording;
  private final ForeignFiles foreignFiles;
  private final DirectoryMatch directories;
  private final Provider<Evidence> evidence;
  private final LogWriter log;

  @Inject
  Repairs(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      BaseRecording recording,
      ForeignFiles foreignFiles,
      DirectoryMatch directories,
      BackingChains chains,
      Provider<Evidence> evidence,
      LogWriter log) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.chains = chains;
    this.recording = recording;
    this.foreignFiles = foreignFiles;
    this.directories = directories;
    this.evidence = evidence;
    this.log = log;
  }

  /**
   * Applies a repair. Returns false if it failed or is not needed any more, so that others can be
   * tried.
   */
  boolean tryApply(Repair repair) {
    try {
      return apply(repair);
    } catch (InvalidImageException | NotFoundException changedSince) {
      return false;
    } catch (StorageException failure) {
      // If the store has failed, this read fails too.
      store.read(view -> view.pendingDeletes().list());
      return false;
    }
  }

  private boolean apply(Repair repair) {
    if (repair instanceof Repair.LimitPermissions limit) {
      files.limitPermissions(limit.path(), limit.limit());
      files.sync(limit.path());
      return true;
    }
    if (repair instanceof Repair.DropRecord drop) {
      // Headers can't begin to name the base after this check: overlays of a missing file are
      // refused.
      Evidence now = evidence.get();
      return store.read(view -> view.bases().find(drop.base())).filter(now::mayName).isEmpty()
          && store.<Boolean>write(tx -> logged(tx, repair, dropRecord(tx, drop)));
    }
    return store.<Boolean>write(tx -> logged(tx, repair, apply(tx, repair)));
  }

  /** Appends a repair to the log, if it was made, and returns whether it was. */
  private boolean logged(StoreTransaction tx, Repair repair, boolean isDone) {
    if (isDone) {
      repair.change().ifPresent(change -> log.append(tx, change.detailed(repair.describe())));
    }
    return isDone;
  }

  private boolean apply(StoreTransaction tx, Repair repair) {
    if (repair instanceof Repair.SetParent change) {
      return setParent(tx, change);
    }
    if (repair instanceof Repair.SetReference change) {
      return setReference(tx, change);
    }
    if (repair instanceof Repair.DropDeleting drop) {
      return dropDeleting(tx, drop);
    }
    if (repair instanceof Repair.RecordBase record) {
      return recording.record(tx, record.base(), record.isNeeded());
    }
    if (repair instanceof Repair.RecordForeign record) {
      Optional<FileStatus> image = files.status(record.image());
      return image.isPresent()
          && foreignFiles.record(
              tx, image.get(), chains.read(record.image(), KnownBases.in(tx, home)));
    }
    if (repair instanceof Repair.RecordTime record) {
      return recordTime(tx, record);
    }
    return repair instanceof Repair.RecordDirectory record && recordDirectory(tx, record);
  }

  private boolean setParent(StoreTransaction tx, Repair.SetParent change) {
    Optional<BaseDisk> base = tx.bases().find(change.base());
    if (base.isEmpty()) {
      return false;
    }
    tx.bases().putParent(change.base(), change.parent());
    Optional.ofNullable(base.get().parentId()).ifPresent(tx.pendingDeletes()::insertCollectPending);
    return true;
  }

  private static boolean setReference(StoreTransaction tx, Repair.SetReference change) {
    if (RegisteredBoxes.operationOn(tx, change.box()).isPresent()) {
      return false;
    }
    tx.references().listOf(change.box()).stream()
        .filter(old -> old.slot() == change.slot())
        .forEach(old -> tx.pendingDeletes().insertCollectPending(old.base()));
    if (change.base() == null) {
      tx.references().delete(change.box(), change.slot());
    } else {
      tx.references().put(new Reference(change.base(), change.box(), change.slot()));
    }
    return true;
  }

  private boolean dropRecord(StoreTransaction tx, Repair.DropRecord drop) {
    return tx.bases()
            .find(drop.base())
            .filter(BaseExamination::isDroppable)
            .filter(base -> files.status(base.diskInfo().basePath()).isEmpty())
            .filter(base -> !BaseExamination.isHeld(tx, base.id()))
            .isPresent()
        && !BasesPresence.isAway(home, files, tx)
        && tx.bases().delete(drop.base());
  }

  private boolean dropDeleting(StoreTransaction tx, Repair.DropDeleting drop) {
    Optional<DeletingBase> row =
        tx.pendingDeletes().list().stream()
            .filter(base -> base.id().equals(drop.base()))
            .filter(base -> !base.path().equals(home.baseFile(base.id())))
            .findFirst();
    row.ifPresent(
        base -> {
          tx.pendingDeletes().delete(base.id());
          Optional.ofNullable(base.parentId()).ifPresent(tx.pendingDeletes()::insertCollectPending);
        });
    return row.isPresent();
  }

  private boolean recordTime(StoreTransaction tx, Repair.RecordTime record) {
    Optional<BaseDisk> base = tx.bases().find(record.base());
    boolean isAsSeen =
        base.flatMap(found -> files.status(found.diskInfo().basePath()))
            .filter(now -> now.modifiedAt().equals(record.modifiedAt()))
            .filter(now -> now.length() == base.get().diskInfo().sizeBytes())
            .isPresent();
    if (isAsSeen) {
      tx.bases()
          .putFingerprint(record.base(), new BaseFingerprint(record.modifiedAt(), record.digest()));
    }
    return isAsSeen;
  }

  private boolean recordDirectory(StoreTransaction tx, Repair.RecordDirectory record) {
    Optional<Box> box = tx.boxes().find(record.box());
    boolean isAsSeen =
        box.flatMap(found -> files.status(found.disksDir()))
            .filter(status -> status.isDirectory())
            .filter(status -> status.identity().inode() == record.inode())
            .isPresent();
    if (!isAsSeen
        || RegisteredBoxes.operationOn(tx, record.box()).isPresent()
        || !directories.hasDisksOf(tx, box.get())) {
      return false;
    }
    tx.boxes().putDirectoryInode(record.box(), record.inode());
    return true;
  }
}
