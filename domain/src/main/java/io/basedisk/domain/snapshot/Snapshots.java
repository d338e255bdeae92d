package io.basedisk.domain.snapshot;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.base.BaseDiskManager;
import io.basedisk.domain.base.Internals;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.home.FreeingSpace;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.Collector;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import javax.inject.Inject;
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
  private final DiskFiles files;
  private final EventListener listener;
  private final BackingChains chains;
  private final BaseDiskManager bases;
  private final Boxes boxes;
  private final Restores restores;
  private final Collector collector;
  private final FreeingSpace freeing;

  @Inject
  Snapshots(
      BaseDiskStore store,
      DiskFiles files,
      EventListener listener,
      BackingChains chains,
      BaseDiskManager bases,
      Boxes boxes,
      Restores restores,
      Collector collector,
      FreeingSpace freeing) {
    this.store = store;
    this.files = files;
    this.listener = listener;
    this.chains = chains;
    this.bases = bases;
    this.boxes = boxes;
    this.restores = restores;
    this.collector = collector;
    this.freeing = freeing;
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
      case FORK -> bases.create(box, BaseDiskKind.SNAPSHOT, name, internals);
      case COPY -> bases.copy(box, BaseDiskKind.SNAPSHOT, name, internals);
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
    Box known = store.read(view -> RegisteredBoxes.require(view, box));
    BaseDisk snapshot = store.read(view -> require(view, box, name));
    restores.requireIntact(snapshot);
    if (saveAs != null) {
      create(box, saveAs);
    }
    OperationId restore = restores.restore(known, snapshot);
    CollectionReport report = collector.collectAfter(restore, () -> headersOf(known));
    return new Restored(boxes.get(box), report);
  }

  /**
   * Removes a snapshot. Its name is free at once; its content goes with the last that needs it.
   *
   * @throws NotFoundException if there is no such box or snapshot
   */
  public Removed remove(BoxId box, SnapshotName name) {
    return freeing.run(() -> removeAndCollect(box, name));
  }

  private Removed removeAndCollect(BoxId box, SnapshotName name) {
    Box known = store.read(view -> RegisteredBoxes.require(view, box));
    BaseDisk snapshot =
        store.write(
            tx -> {
              BaseDisk found = require(tx, box, name);
              tx.bases().demoteToCloneBase(found.id());
              tx.pendingDeletes().insertCollectPending(found.id());
              return found;
            });
    listener.on(new Event.SnapshotRemoved(Optional.empty(), box, name, snapshot.id()));
    CollectionReport report = collector.collectPending(() -> headersOf(known));
    return new Removed(snapshot.id(), fateOf(snapshot), report);
  }

  private Snapshots.Fate fateOf(BaseDisk snapshot) {
    return store.read(
        view -> {
          if (view.bases().find(snapshot.id()).isEmpty()) {
            return new Fate.Gone();
          }
          return new Fate.Demoted(
              view.references().listDependents(snapshot.id()),
              basesOn(snapshot.id(), view),
              bytesOf(snapshot.diskInfo().basePath()));
        });
  }

  private static ImmutableList<BaseDiskId> basesOn(BaseDiskId base, StoreView view) {
    return Stream.concat(
            view.bases().listChildren(base).stream().map(BaseDisk::id),
            view.pendingDeletes().listChildren(base).stream().map(DeletingBase::id))
        .collect(ImmutableList.toImmutableList());
  }

  private long bytesOf(Path file) {
    return files.status(file).map(FileStatus::allocatedBytes).orElse(0L);
  }

  /** What the box's own disks say of bases, whatever the store knows. */
  private HeaderEvidence headersOf(Box box) {
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
