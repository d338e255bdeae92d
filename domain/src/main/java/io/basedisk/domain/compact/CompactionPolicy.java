package io.basedisk.domain.compact;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.MaxDepth;
import java.util.Optional;

/**
 * Decides which upper layers of a disk's chain become one, by one rule and its limits.
 *
 * <p>The further down the layer is that is kept, the more is written and the shorter the chain. To
 * copy a layer that goes then costs no space: what is written of it is freed. To copy one that
 * stays, since another disk, base or snapshot needs it, costs its size, and never frees anything
 * further down, since it holds all of that. So
 *
 * <ol>
 *   <li>a chain that is not too deep stays as it is;
 *   <li>where it is enough to merge layers that go, as many of them are merged as makes the least
 *       writing for each layer less: small ones together, but not a large one for itself alone;
 *   <li>where it is not, as few layers that stay are copied as will do, or, if nobody has asked for
 *       this disk in particular and they are large, none: then those that go are merged, if there
 *       are any.
 * </ol>
 *
 * <p>A disk always keeps a base: the lowest one of its chain is never copied. What lies below that
 * and is none of this home's bases stays below it, so a chain may stay deeper than its limit.
 */
public final class CompactionPolicy {

  /**
   * What one layer less may cost of space where nobody has asked for it: about what QEMU takes for
   * the tables of an open layer, twice over.
   */
  static final long LAYER_IS_WORTH = 64L << 20;

  private final ImmutableList<LayerBelow> below;
  private final int needed;

  /** How many layers go, and, up to each layer, what must be written, the disk included. */
  private final int going;

  private final long[] written;

  private CompactionPolicy(long diskBytes, ImmutableList<LayerBelow> below, MaxDepth limit) {
    this.below = below;
    this.needed = below.size() - limit.layers() + 1;
    this.going = (int) below.stream().takeWhile(LayerBelow::goes).count();
    this.written = new long[below.size() + 1];
    written[0] = diskBytes;
    for (int i = 0; i < below.size(); i++) {
      written[i + 1] = written[i] + below.get(i).bytes();
    }
  }

  /**
   * Returns the verdict on a disk.
   *
   * @param diskBytes what its own file occupies
   * @param below the layers below it, the nearest first
   */
  public static CompactionVerdict verdict(
      long diskBytes, ImmutableList<LayerBelow> below, MaxDepth limit, SharedLayers shared) {
    if (below.size() <= limit.layers()) {
      return new CompactionVerdict.Leave(new LeaveReason.ShortEnough(below.size(), limit));
    }
    return new CompactionPolicy(diskBytes, below, limit).verdict(shared);
  }

  // Layers by number, as in a merge: the nearest below the disk is 1.

  private CompactionVerdict verdict(SharedLayers shared) {
    Optional<Integer> free = cheapest(needed, going + 1);
    if (free.isPresent()) {
      return merge(free.get());
    }
    Optional<Integer> copying = first(needed).or(this::lowest);
    if (copying.isEmpty()) {
      return new CompactionVerdict.Leave(new LeaveReason.NoBaseFurtherDown(below.size()));
    }
    int kept = copying.get();
    long twice = kept - 1 > going ? written[kept - 1] - written[going] : 0;
    if (shared == SharedLayers.COPY || twice <= (kept - 1) * LAYER_IS_WORTH) {
      return merge(kept);
    }
    return cheapest(2, going + 1)
        .<CompactionVerdict>map(this::merge)
        .orElseGet(
            () ->
                new CompactionVerdict.Leave(new LeaveReason.SharedLayersCostMore(twice, kept - 1)));
  }

  /** Returns the layer to keep, of those from one to another, that takes the least writing. */
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
      throw new IllegalStateException("layer " + kept + " is no base");
    }
    return new CompactionVerdict.Merge(
        kept, base, merged.build(), Math.min(going, kept - 1), below.size() - kept + 1);
  }
}
