package io.basedisk.domain.snapshot;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.BaseDiskManager;
import io.basedisk.domain.base.Internals;
import io.basedisk.domain.base.MakeBase;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NotFoundException;
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
import io.basedisk.domain.port.StoreView;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.inject.Provider;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of boxes: named bases that are never collected on their own. Safe for many threads.
 */
@Singleton
public final class Snapshots {

  /** How a snapshot is taken. */
  public enum Mode {
    /**
     * The disk becomes the snapshot, and an empty overlay of it the disk: nobody may have it open.
     */
    FORK("fork"),
    /**
     * The disk is copied, by sharing its blocks where the file system can, and keeps its file: a VM
     * may have it open that does not write to it until the copy is made.
     */
    COPY("copy");

    private final String label;

    Mode(String label) {
      this.label = label;
    }

    /**
     * Returns the mode with that name on the command line.
     *
     * @throws InvalidArgumentException if there is none
     */
    public static Mode ofLabel(String label) {
      for (Mode mode : values()) {
        if (mode.label.equals(label)) {
          return mode;
        }
      }
      throw new InvalidArgumentException("no way to take a snapshot is called so: fork or copy");
    }
  }

  /**
   * What a restore did.
   *
   * @param box the box as it is now
   * @param report what was collected of what it was
   */
  public record Restored(BoxDetails box, CollectionReport report) {}

  /**
   * What became of a snapshot that was removed.
   *
   * @param id the base that it was
   * @param fate whether its content is gone too
   * @param report what was collected
   */
  public record Removed(BaseDiskId id, Fate fate, CollectionReport report) {}

  /** Whether the content of a removed snapshot is gone. */
  public sealed interface Fate {

    /** It is: nothing needed it. */
    record Gone() implements Fate {}

    /**
     * It is a clone base now, which goes with the last that needs it.
     *
     * @param boxes the boxes that have a disk on it, ordered by name
     * @param bases the bases that stand on it, newest first
     * @param bytes the bytes that its file occupies until then
     */
    record Demoted(ImmutableList<BoxId> boxes, ImmutableList<BaseDiskId> bases, long bytes)
        implements Fate {}
  }

  private final BaseDiskStore store;
  private final Provider<MakeBase> makeBase;
  private final Provider<RestoreSnapshot> restoreSnapshot;
  private final Provider<RemoveSnapshot> removeSnapshot;

  @Inject
  Snapshots(
      BaseDiskStore store,
      Provider<MakeBase> makeBase,
      Provider<RestoreSnapshot> restoreSnapshot,
      Provider<RemoveSnapshot> removeSnapshot) {
    this.store = store;
    this.makeBase = makeBase;
    this.restoreSnapshot = restoreSnapshot;
    this.removeSnapshot = removeSnapshot;
  }

  /**
   * Takes a snapshot of a box: forks its container disk.
   *
   * @throws io.basedisk.domain.error.BaseDiskException as {@link BaseDiskManager#create}
   */
  public BaseDisk create(BoxId box, SnapshotName name) {
    return create(box, name, Mode.FORK, Internals.REFUSE);
  }

  /**
   * Takes a snapshot of a box in one of two ways.
   *
   * <p>A copy is crash-consistent: it has what the disk's file has, and so all that the VM has
   * written if the caller had it pause <i>and flush</i>, by QMP {@code stop}; a process that is
   * merely stopped keeps writes to itself. A VM that goes on writing is noticed by the times of the
   * file, and the copy refused; so is an image whose tables have errors.
   *
   * @param internals what becomes of snapshots and bitmaps inside the disk's image. By a copy, the
   *     disk keeps its own; of those in the base nothing is lost that is in the file, but bitmaps
   *     that a running VM has in use are marked so, and nobody can use them.
   * @throws io.basedisk.domain.error.RefusedException if the disk is in use (of a copy: written to
   *     meanwhile), dirty, or not to be made a base as it is
   * @throws io.basedisk.domain.error.BaseDiskException else as {@link BaseDiskManager#create}
   */
  public BaseDisk create(BoxId box, SnapshotName name, Mode mode, Internals internals) {
    return switch (mode) {
      case FORK ->
          makeBase.get().fork(box, BaseDiskKind.SNAPSHOT, name, internals, ImmutableSet.of());
      case COPY -> makeBase.get().copy(box, BaseDiskKind.SNAPSHOT, name, internals);
    };
  }

  /**
   * Returns the snapshots of a box, newest first.
   *
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
   * Puts a box back to what it was when a snapshot was taken, its size included. What was written
   * since is lost, unless it is saved as a snapshot of its own; its guest-rootfs disk goes. The
   * snapshot and all others stay, so that any of them can be restored next.
   *
   * <p>The disk that goes is not read, unless it is to be saved: a damaged one can be restored.
   *
   * @param saveAs the name of a snapshot to take first; null for none. It stays if the restore is
   *     refused after it.
   * @throws NotFoundException if there is no such box or snapshot, or the box's disk is missing
   * @throws AlreadyExistsException if a snapshot {@code saveAs} exists; nothing was touched then
   * @throws io.basedisk.domain.error.RefusedException if somebody writes to a disk of the box, or
   *     if it is busy
   */
  public Restored restore(BoxId box, SnapshotName name, @Nullable SnapshotName saveAs) {
    return restoreSnapshot.get().run(box, name, saveAs);
  }

  /**
   * Removes a snapshot. Its name is free at once; its content goes with the last that needs it.
   *
   * @throws NotFoundException if there is no such box or snapshot
   */
  public Removed remove(BoxId box, SnapshotName name) {
    return removeSnapshot.get().run(box, name);
  }

  /** What the box's own disks say of bases, whatever the store knows. */
  static HeaderEvidence headersOf(Box box, BackingChains chains) {
    return HeaderEvidence.read(
        chains,
        Stream.of(DiskSlot.values()).map(box::disk).collect(ImmutableList.toImmutableList()));
  }

  /**
   * Returns a snapshot of a box.
   *
   * @throws NotFoundException if there is no such snapshot
   */
  public static BaseDisk require(StoreView view, BoxId box, SnapshotName name) {
    return view.bases()
        .findByName(box, name)
        .filter(base -> base.kind() == BaseDiskKind.SNAPSHOT)
        .orElseThrow(() -> new NotFoundException("box " + box + " has no snapshot " + name));
  }
}
