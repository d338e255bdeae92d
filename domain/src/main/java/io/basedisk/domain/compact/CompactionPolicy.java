package io.basedisk.domain.compact;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.MaxDepth;
import java.util.Optional;

/**
 * Decides which upper layers of a disk's chain are merged.
 *
 * <p>A merge writes the content of the merged layers to the disk; the next layer down becomes the
 * disk's backing file. Merging more layers writes more and makes the chain shorter. A
 * <em>private</em> layer is deleted after the merge, so that its copy costs no space in the end. A
 * <em>shared</em> layer is kept, because another disk, base or snapshot needs it: its copy costs
 * its size. All layers below a shared layer are kept too. Therefore:
 *
 * <ol>
 *   <li>A chain within the limit is left as it is.
 *   <li>If merging private layers is enough, the number of merged layers is chosen that writes the
 *       fewest bytes for each removed layer: several small layers, but not a large one on its own.
 *   <li>Otherwise, as few shared layers as possible are copied. If they are large and the caller
 *       did not ask for this disk in particular ({@link SharedLayers#COPY_IF_CHEAP}), only private
 *       layers are merged, if there are any.
 * </ol>
 *
 * <p>The lowest base of the chain is never copied, so that a disk always keeps a base. Files below
 * it that are not bases of this home are kept too. A chain may therefore stay deeper than its
 * limit.
 */
public final class CompactionPolicy {

  /**
   * Maximum space to spend for one removed layer with {@link SharedLayers#COPY_IF_CHEAP}, in bytes:
   * about twice the memory that QEMU needs for the tables of an open layer.
   */
  static final long LAYER_IS_WORTH = 64L << 20;

  private final ImmutableList<LayerBelow> below;
  private final int needed;

  /** Number of private layers: the first ones below the disk. */
  private final int privateLayers;

  /** For each layer, the bytes that a merge of it and all layers above it writes, with the disk. */
  private final long[] written;

  private CompactionPolicy(long diskBytes, ImmutableList<LayerBelow> below, MaxDepth limit) {
    this.below = below;
    this.needed = below.size() - limit.layers() + 1;
    this.privateLayers = (int) below.stream().takeWhile(LayerBelow::isPrivate).count();
    this.written = new long[below.size() + 1];
    written[0] = diskBytes;
    for (int i = 0; i < below.size(); i++) {
      written[i + 1] = written[i] + below.get(i).bytes();
    }
  }

  /**
   * {@return the verdict on a disk}
   *
   * @param diskBytes space that the disk's own file occupies, in bytes
   * @param below the layers below the disk, top first
   * @param limit maximum depth
   * @param shared what to do with shared layers
   */
  public static CompactionVerdict verdict(
      long diskBytes, ImmutableList<LayerBelow> below, MaxDepth limit, SharedLayers shared) {
    if (below.size() <= limit.layers()) {
      return new CompactionVerdict.Leave(new LeaveReason.ShortEnough(below.size(), limit));
    }
    return new CompactionPolicy(diskBytes, below, limit).verdict(shared);
  }

  // Layer numbers, as in a merge: the first layer below the disk is 1.

  private CompactionVerdict verdict(SharedLayers shared) {
    Optional<Integer> free = cheapest(needed, privateLayers + 1);
    if (free.isPresent()) {
      return merge(free.get());
    }
    Optional<Integer> copying = first(needed).or(this::lowest);
    if (copying.isEmpty()) {
      return new CompactionVerdict.Leave(new LeaveReason.NoBaseFurtherDown(below.size()));
    }
    int kept = copying.get();
    long twice = kept - 1 > privateLayers ? written[kept - 1] - written[privateLayers] : 0;
    if (shared == SharedLayers.COPY || twice <= (kept - 1) * LAYER_IS_WORTH) {
      return merge(kept);
    }
    return cheapest(2, privateLayers + 1)
        .<CompactionVerdict>map(this::merge)
        .orElseGet(
            () ->
                new CompactionVerdict.Leave(new LeaveReason.SharedLayersCostMore(twice, kept - 1)));
  }

  /**
   * {@return the layer in a range whose choice as backing file writes the fewest bytes for each
   * removed layer}
   */
  private Optional<Integer> cheapest(int from, int to) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int kept = from; kept <= Math.min(to, below.size()); kept++) {
      double writtenForEach = (double) written[kept - 1] / (kept - 1);
      if (isBase(kept) && writtenForEach <= least) {
        best = kept;
        least = writtenForEach;
      }
    }
    return best == 0 ? Optional.empty() : Optional.of(best);
  }

  private Optional<Integer> first(int from) {
    for (int kept = from; kept <= below.size(); kept++) {
      if (isBase(kept)) {
        return Optional.of(kept);
      }
    }
    return Optional.empty();
  }

  private Optional<Integer> lowest() {
    for (int kept = below.size(); kept > 1; kept--) {
      if (isBase(kept)) {
        return Optional.of(kept);
      }
    }
    return Optional.empty();
  }

  private boolean isBase(int layer) {
    return below.get(layer - 1).base() != null;
  }

  private CompactionVerdict merge(int kept) {
    ImmutableList.Builder<BaseDiskId> merged = ImmutableList.builder();
    for (LayerBelow layer : below.subList(0, kept - 1)) {
      if (layer.base() != null) {
        merged.add(layer.base());
      }
    }
    BaseDiskId base = below.get(kept - 1).base();
    if (base == null) {
      throw new IllegalStateException("layer " + kept + " is not a base");
    }
    return new CompactionVerdict.Merge(
        kept, base, merged.build(), Math.min(privateLayers, kept - 1), below.size() - kept + 1);
  }
}
