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
 * Shortens the chains of boxes' container disks: the upper layers of a chain become one, with the
 * same content, and the bases that only this disk needed go. No base is changed, and so no other
 * chain. Which layers is {@link CompactionPolicy}'s to say. Safe for many threads.
 */
@Singleton
public final class Compactions {

  /** What became of a box's disk, or would. */
  public sealed interface Outcome {

    /** Returns the box as it is now. */
    BoxDetails box();
  }

  /**
   * Its upper layers are one.
   *
   * @param merge which, and how deep the chain is by that
   * @param depthBefore how deep it was
   * @param writtenBytes what the disk's file occupies by that; before it is done, at most
   * @param replacedBytes what it occupied before
   * @param report what was collected of the layers
   */
  public record Compacted(
      BoxDetails box,
      Merge merge,
      int depthBefore,
      long writtenBytes,
      long replacedBytes,
      CollectionReport report)
      implements Outcome {}

  /** It is as it was, and why. */
  public record Left(BoxDetails box, LeaveReason reason) implements Outcome {}

  /**
   * What became of all boxes' disks, or would.
   *
   * @param compacted those of which the upper layers are one
   * @param skipped the boxes with deeper chains, or ones that can't be followed, that are as they
   *     were, and why
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
   * Shortens the chain of a box's container disk if it is deeper than {@code limit}, and collects
   * what that frees. An interrupt of the thread gives up and leaves the disk as it was.
   *
   * @throws NotFoundException if there is no such box, or its disk is missing
   * @throws RefusedException if somebody writes to the disk or to a layer, if the disk is dirty,
   *     has internal snapshots, bitmaps or another name, or if the box is busy
   * @throws InvalidImageException if the disk or its chain is not valid
   * @throws io.basedisk.domain.error.StorageException if there is no space for the merged layer, or
   *     a step fails
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   */
  public Outcome compact(BoxId box, MaxDepth limit, Progress progress) {
    return compactBox.get().run(box, limit, SharedLayers.COPY, progress);
  }

  /**
   * Returns what {@link #compact} would do now, and changes nothing.
   *
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #compact}
   */
  public Outcome plan(BoxId box, MaxDepth limit) {
    return planCompaction.get().run(box, limit, SharedLayers.COPY);
  }

  /**
   * Shortens every chain of a container disk that is deeper than {@code limit}, box by box. Layers
   * that others need are only copied where that is cheap for what it gains. A box that is in use or
   * busy, whose chain is damaged or can't be read, or on which a step fails, is skipped.
   *
   * @throws StorageException if the store fails; the boxes before stay compacted
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     the boxes before stay compacted
   */
  public FleetOutcome compactAll(MaxDepth limit, Progress progress) {
    CompactBox each = compactBox.get();
    return compactAll.get().run(box -> each.run(box, limit, SharedLayers.COPY_IF_CHEAP, progress));
  }

  /** Returns what {@link #compactAll} would do now, and changes nothing. */
  public FleetOutcome planAll(MaxDepth limit) {
    PlanCompaction each = planCompaction.get();
    return compactAll.get().run(box -> each.run(box, limit, SharedLayers.COPY_IF_CHEAP));
  }
}
