package io.basedisk.domain.compact;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.compact.CompactionVerdict.Merge;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.port.Progress;
import javax.inject.Inject;
import javax.inject.Provider;
import javax.inject.Singleton;

/**
 * Shortens the chains of boxes' container disks. The upper layers of a chain, which {@link
 * CompactionPolicy} selects, are merged into a new disk with the same content. Bases that only this
 * disk needed are collected. No base is changed, so that other chains stay as they are.
 * Thread-safe.
 */
@Singleton
public final class Compactions {

  /** The result for one box, or of its plan. */
  public sealed interface Outcome {

    /** {@return the current state of the box} */
    BoxDetails box();
  }

  /**
   * The disk was compacted, or would be.
   *
   * @param box current state of the box
   * @param merge the merged layers, and the new depth
   * @param depthBefore depth before the compaction
   * @param writtenBytes space that the new disk's file occupies, in bytes; in a plan, the maximum
   * @param replacedBytes space that the old disk's file occupied, in bytes
   * @param report the collected bases
   */
  public record Compacted(
      BoxDetails box,
      Merge merge,
      int depthBefore,
      long writtenBytes,
      long replacedBytes,
      CollectionReport report)
      implements Outcome {}

  /**
   * The disk was left as it is.
   *
   * @param box current state of the box
   * @param reason why
   */
  public record Left(BoxDetails box, LeaveReason reason) implements Outcome {}

  /**
   * The result for all boxes, or of its plan.
   *
   * @param compacted the compacted disks
   * @param skipped boxes whose chains are too deep or can't be followed, but were left as they are,
   *     each with the reason
   */
  public record FleetOutcome(
      ImmutableList<Compacted> compacted, ImmutableMap<BoxId, String> skipped) {}

  private final Provider<CompactBox> compactBox;
  private final Provider<PlanCompaction> planCompaction;
  private final Provider<CompactAll> compactAll;

  @Inject
  Compactions(
      Provider<CompactBox> compactBox,
      Provider<PlanCompaction> planCompaction,
      Provider<CompactAll> compactAll) {
    this.compactBox = compactBox;
    this.planCompaction = planCompaction;
    this.compactAll = compactAll;
  }

  /**
   * Shortens the chain of a box's container disk if it is deeper than a limit, and collects the
   * bases that are then unneeded. An interrupt of the thread cancels the compaction and leaves the
   * disk as it was.
   *
   * @param box name of the box
   * @param limit maximum depth
   * @param progress receives the bytes of the disk
   * @return what was done with the disk
   * @throws NotFoundException if the box or its disk does not exist
   * @throws RefusedException if a process writes to the disk or to a layer, if the disk is dirty,
   *     has internal snapshots, bitmaps or another name, or if the box is busy
   * @throws InvalidImageException if the disk or its chain is not valid
   * @throws io.basedisk.domain.error.StorageException if there is no space for the new disk, or a
   *     file can't be read or written
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   */
  public Outcome compact(BoxId box, MaxDepth limit, Progress progress) {
    return compactBox.get().run(box, limit, SharedLayers.COPY, progress);
  }

  /**
   * {@return the result that {@link #compact} would have now, and changes nothing}
   *
   * @param box name of the box
   * @param limit maximum depth
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #compact}
   */
  public Outcome plan(BoxId box, MaxDepth limit) {
    return planCompaction.get().run(box, limit, SharedLayers.COPY);
  }

  /**
   * Shortens the chain of every container disk that is deeper than a limit, one box after the
   * other. Shared layers are copied only if that is cheap. A box is skipped if it is in use or
   * busy, if its chain is damaged or unreadable, or if its compaction fails.
   *
   * @param limit maximum depth
   * @param progress receives the bytes of each disk
   * @return the compacted disks and the skipped boxes
   * @throws StorageException if the store fails; earlier boxes stay compacted
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     earlier boxes stay compacted
   */
  public FleetOutcome compactAll(MaxDepth limit, Progress progress) {
    CompactBox each = compactBox.get();
    return compactAll.get().run(box -> each.run(box, limit, SharedLayers.COPY_IF_CHEAP, progress));
  }

  /**
   * {@return the result that {@link #compactAll} would have now, and changes nothing}
   *
   * @param limit maximum depth
   */
  public FleetOutcome planAll(MaxDepth limit) {
    PlanCompaction each = planCompaction.get();
    return compactAll.get().run(box -> each.run(box, limit, SharedLayers.COPY_IF_CHEAP));
  }
}
