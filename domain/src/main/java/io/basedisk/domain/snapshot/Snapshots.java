package io.basedisk.domain.snapshot;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.BaseDiskManager;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.base.MakeBase;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.port.StoreView;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.inject.Provider;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** The snapshots of boxes: named bases that are collected only after their removal. Thread-safe. */
@Singleton
public final class Snapshots {

  /** How a snapshot is taken. */
  public enum Mode {
    /**
     * By a fork: the disk's file becomes the snapshot, and an empty overlay of it the disk. No
     * process may have the disk open.
     */
    FORK("fork"),
    /**
     * By a copy, which shares blocks if the file system can. The disk keeps its file, and a VM may
     * have it open, but must not write to it until the copy is made.
     */
    COPY("copy");

    private final String label;

    Mode(String label) {
      this.label = label;
    }

    /**
     * {@return the mode with that name on the command line}
     *
     * @param label the name
     * @throws InvalidArgumentException if there is none
     */
    public static Mode ofLabel(String label) {
      for (Mode mode : values()) {
        if (mode.label.equals(label)) {
          return mode;
        }
      }
      throw new InvalidArgumentException("unknown way to take a snapshot: use fork or copy");
    }
  }

  /**
   * The result of a restore.
   *
   * @param box the box in its new state
   * @param report what was collected
   */
  public record Restored(BoxDetails box, CollectionReport report) {}

  /**
   * The result of the removal of a snapshot.
   *
   * @param id the snapshot's base
   * @param fate whether its content is deleted too
   * @param report what was collected
   */
  public record Removed(BaseDiskId id, Fate fate, CollectionReport report) {}

  /** Whether the content of a removed snapshot is deleted. */
  public sealed interface Fate {

    /** It is deleted: it was unneeded. */
    record Gone() implements Fate {}

    /**
     * It is a clone base now, and is deleted once it is unneeded.
     *
     * @param boxes the boxes with a disk that needs it, ordered by name
     * @param bases the bases that back onto it, newest first
     * @param bytes the bytes that its file occupies until then
     */
    record Demoted(ImmutableList<BoxId> boxes, ImmutableList<BaseDiskId> bases, long bytes)
        implements Fate {}
  }

  /**
   * The result of the removal of several snapshots.
   *
   * @param names the removed snapshots, newest first
   * @param report what was collected
   */
  public record Pruned(ImmutableList<SnapshotName> names, CollectionReport report) {}

  private final BaseDiskStore store;
  private final Provider<MakeBase> makeBase;
  private final Provider<RestoreSnapshot> restoreSnapshot;
  private final Provider<RemoveSnapshot> removeSnapshot;
  private final Provider<PruneSnapshots> pruneSnapshots;
  private final Provider<RenameSnapshot> renameSnapshot;

  @Inject
  Snapshots(
      BaseDiskStore store,
      Provider<MakeBase> makeBase,
      Provider<RestoreSnapshot> restoreSnapshot,
      Provider<RemoveSnapshot> removeSnapshot,
      Provider<PruneSnapshots> pruneSnapshots,
      Provider<RenameSnapshot> renameSnapshot) {
    this.store = store;
    this.makeBase = makeBase;
    this.restoreSnapshot = restoreSnapshot;
    this.removeSnapshot = removeSnapshot;
    this.pruneSnapshots = pruneSnapshots;
    this.renameSnapshot = renameSnapshot;
  }

  /**
   * Takes a snapshot of a box by a fork of its container disk.
   *
   * @param box the box
   * @param name the name of the snapshot
   * @return the base of the snapshot
   * @throws io.basedisk.domain.error.BaseDiskException as {@link BaseDiskManager#create}
   */
  public BaseDisk create(BoxId box, SnapshotName name) {
    return create(box, name, Mode.FORK, InternalSnapshots.REFUSE);
  }

  /**
   * Takes a snapshot of a box.
   *
   * <p>A copy is crash-consistent: it has the content of the disk's file. This is all that the VM
   * has written if the caller pauses the VM so that it <i>flushes</i> too, by QMP {@code stop}; a
   * process that is merely stopped may hold back writes. If the VM goes on writing, the file's
   * times show it and the copy is refused. An image whose tables have errors is refused too.
   *
   * @param box the box
   * @param name the name of the snapshot
   * @param mode how to take it
   * @param internals what to do if the disk's image has internal snapshots or bitmaps. With a copy,
   *     the disk keeps its own, and the base has those in the file; but bitmaps that a running VM
   *     uses are marked as in use there, and are unusable.
   * @return the base of the snapshot
   * @throws io.basedisk.domain.error.RefusedException if the disk is in use (for a copy: written to
   *     during the copy), dirty, or otherwise unfit to become a base
   * @throws io.basedisk.domain.error.BaseDiskException as {@link BaseDiskManager#create}
   */
  public BaseDisk create(BoxId box, SnapshotName name, Mode mode, InternalSnapshots internals) {
    return create(box, name, mode, internals, Progress.NONE);
  }

  /**
   * Takes a snapshot as {@link #create(BoxId, SnapshotName, Mode, InternalSnapshots)} does, and
   * reports its progress. A fork copies the disk too if the bases are on another file system.
   *
   * @param box the box
   * @param name the name of the snapshot
   * @param mode how to take it
   * @param internals what to do if the disk's image has internal snapshots or bitmaps
   * @param progress receives the bytes of the disk's file, if it is copied
   * @return the base of the snapshot
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   *     during the copy; there is no snapshot then
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #create(BoxId, SnapshotName, Mode,
   *     InternalSnapshots)}
   */
  public BaseDisk create(
      BoxId box, SnapshotName name, Mode mode, InternalSnapshots internals, Progress progress) {
    return switch (mode) {
      case FORK ->
          makeBase
              .get()
              .fork(box, BaseDiskKind.SNAPSHOT, name, internals, ImmutableSet.of(), progress);
      case COPY -> makeBase.get().copy(box, BaseDiskKind.SNAPSHOT, name, internals, progress);
    };
  }

  /**
   * {@return the snapshots of a box, newest first}
   *
   * @param box the box
   * @throws NotFoundException if there is no such box
   */
  public ImmutableList<BaseDetails> list(BoxId box) {
    return store.read(
        view -> {
          RegisteredBoxes.require(view, box);
          return view.bases().list(new BaseFilter(box, BaseDiskKind.SNAPSHOT)).stream()
              .map(base -> BaseDetails.of(base, view))
              .collect(ImmutableList.toImmutableList());
        });
  }

  /**
   * Restores a box to the state of a snapshot, including its size. Writes since then are lost,
   * unless they are saved as a snapshot first; the guest-rootfs disk is deleted. All snapshots
   * stay, so that any of them can be restored next.
   *
   * <p>The old disk is not read, unless it is saved, so a damaged disk can be restored.
   *
   * @param box the box
   * @param name the snapshot
   * @param saveAs the name of a snapshot to take first; null for none. It stays if the restore is
   *     refused after it.
   * @return the box in its new state, and what was collected
   * @throws NotFoundException if there is no such box or snapshot, or the box's disk is missing
   * @throws AlreadyExistsException if a snapshot {@code saveAs} exists; nothing has changed then
   * @throws io.basedisk.domain.error.RefusedException if a process has a disk of the box open for
   *     writing, or the box is busy
   */
  public Restored restore(BoxId box, SnapshotName name, @Nullable SnapshotName saveAs) {
    return restoreSnapshot.get().run(box, name, saveAs);
  }

  /**
   * Removes a snapshot. Its name is free at once; its content is deleted once it is unneeded.
   *
   * @param box the box
   * @param name the snapshot
   * @return the base of the snapshot, what happens to it, and what was collected
   * @throws NotFoundException if there is no such box or snapshot
   */
  public Removed remove(BoxId box, SnapshotName name) {
    return removeSnapshot.get().run(box, name);
  }

  /**
   * Checks that {@link #remove} would not refuse one of several snapshots, before the first is
   * removed. Changes nothing.
   *
   * @param box the box
   * @param names the snapshots
   * @throws NotFoundException if there is no such box, or it lacks one of the snapshots
   */
  public void checkRemoval(BoxId box, Collection<SnapshotName> names) {
    boolean unused =
        store.<Boolean>read(
            view -> {
              RegisteredBoxes.require(view, box);
              names.forEach(name -> require(view, box, name));
              return true;
            });
  }

  /**
   * Plans which snapshots of a box {@link #prune} removes. Changes nothing.
   *
   * @param box the box
   * @param retention which snapshots stay
   * @param zone the time zone in which days and weeks begin
   * @return the plan
   * @throws NotFoundException if there is no such box
   */
  public PrunePlan planPrune(BoxId box, Retention retention, ZoneId zone) {
    return pruneSnapshots.get().plan(box, retention, zone);
  }

  /**
   * Removes the snapshots of a plan, as {@link #remove} does, the oldest first. Skips a snapshot
   * that another process has removed or renamed since the plan, also if its name has a new
   * snapshot. If a removal fails, the snapshots before it are removed.
   *
   * @param plan the plan
   * @return the removed snapshots, and what was collected
   * @throws NotFoundException if the box is removed or renamed before the end
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     what was removed until then stays removed
   */
  public Pruned prune(PrunePlan plan) {
    return pruneSnapshots.get().run(plan);
  }

  /**
   * Renames a snapshot. No file changes: the description in its base, which a rebuild of a lost
   * store reads, keeps the old name.
   *
   * @param box the box
   * @param name the snapshot
   * @param newName the new name, unique in the box
   * @return the base of the snapshot
   * @throws NotFoundException if there is no such box or snapshot
   * @throws AlreadyExistsException if the new name is taken
   * @throws io.basedisk.domain.error.BusyException if a snapshot of the new name is being taken
   */
  public BaseDisk rename(BoxId box, SnapshotName name, SnapshotName newName) {
    BaseDiskId base = renameSnapshot.get().run(box, name, newName);
    return store.read(
        view ->
            view.bases()
                .find(base)
                .orElseThrow(
                    () -> new NotFoundException("snapshot " + newName + " was removed just now")));
  }

  /** {@return what the headers of the box's own disks say, independent of the store} */
  static HeaderEvidence headersOf(Box box, BackingChains chains) {
    return HeaderEvidence.read(
        chains,
        Stream.of(DiskSlot.values()).map(box::disk).collect(ImmutableList.toImmutableList()));
  }

  /**
   * {@return a snapshot of a box}
   *
   * @param view the store
   * @param box the box
   * @param name the snapshot
   * @throws NotFoundException if there is no such snapshot
   */
  public static BaseDisk require(StoreView view, BoxId box, SnapshotName name) {
    return find(view, box, name)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "box " + box + " has no snapshot " + name,
                    new Remedy.NameSnapshot(box.value(), name.value())));
  }

  /** {@return a snapshot of a box, if there is one with that name} */
  static Optional<BaseDisk> find(StoreView view, BoxId box, SnapshotName name) {
    return view.bases().findByName(box, name).filter(base -> base.kind() == BaseDiskKind.SNAPSHOT);
  }
}
