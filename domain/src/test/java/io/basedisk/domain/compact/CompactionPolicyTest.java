package io.basedisk.domain.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.compact.CompactionVerdict.Leave;
import io.basedisk.domain.compact.CompactionVerdict.Merge;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.testing.ProcessorTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CompactionPolicyTest {

  private static final long MIB = 1 << 20;

  /** The layers below the disk, top first; the first is b0000001. */
  private final List<LayerBelow> below = new ArrayList<>();

  private BaseDiskId next() {
    return base(below.size() + 1);
  }

  private static BaseDiskId base(int layer) {
    return new BaseDiskId(String.format("b%07d", layer));
  }

  /** Adds private layers: only this disk needs them. */
  @CanIgnoreReturnValue
  private CompactionPolicyTest own(int count, long bytes) {
    for (int i = 0; i < count; i++) {
      below.add(new LayerBelow(next(), true, bytes));
    }
    return this;
  }

  /** Adds shared layers: other disks need them too. */
  @CanIgnoreReturnValue
  private CompactionPolicyTest shared(int count, long bytes) {
    for (int i = 0; i < count; i++) {
      below.add(new LayerBelow(next(), false, bytes));
    }
    return this;
  }

  /** Adds layers that are not bases of this home. */
  private CompactionPolicyTest foreign(int count) {
    for (int i = 0; i < count; i++) {
      below.add(new LayerBelow(null, false, MIB));
    }
    return this;
  }

  private CompactionVerdict verdict(int limit, SharedLayers shared) {
    return CompactionPolicy.verdict(MIB, ImmutableList.copyOf(below), new MaxDepth(limit), shared);
  }

  private Merge merge(int limit) {
    return assertInstanceOf(Merge.class, verdict(limit, SharedLayers.COPY));
  }

  private LeaveReason reason(int limit, SharedLayers shared) {
    return assertInstanceOf(Leave.class, verdict(limit, shared)).reason();
  }

  @Test
  void a_chain_as_deep_as_the_limit_is_left_alone() {
    own(5, MIB);

    assertEquals(new LeaveReason.ShortEnough(5, new MaxDepth(5)), reason(5, SharedLayers.COPY));
  }

  @Test
  void a_disk_without_a_backing_file_is_left_alone() {
    assertEquals(new LeaveReason.ShortEnough(0, new MaxDepth(1)), reason(1, SharedLayers.COPY));
  }

  @Test
  void a_private_chain_is_merged_down_to_its_lowest_base_even_if_the_limit_needs_less() {
    own(6, MIB);

    assertEquals(
        new Merge(6, base(6), ImmutableList.of(base(1), base(2), base(3), base(4), base(5)), 5, 1),
        merge(5));
  }

  @Test
  void the_first_shared_layer_is_kept_if_that_meets_the_limit() {
    own(4, MIB).shared(2, 1000 * MIB);

    assertEquals(
        new Merge(5, base(5), ImmutableList.of(base(1), base(2), base(3), base(4)), 4, 2),
        merge(3));
  }

  @Test
  void a_large_layer_is_not_copied_to_save_one_layer() {
    own(5, MIB).own(1, 1000 * MIB).own(1, MIB);

    assertEquals(6, merge(4).kept());
  }

  @Test
  void a_large_layer_is_copied_if_the_limit_needs_it() {
    own(5, MIB).own(1, 1000 * MIB).own(1, MIB);

    assertEquals(7, merge(1).kept());
  }

  @Test
  void no_more_shared_layers_are_copied_than_the_limit_needs() {
    own(2, MIB).shared(6, MIB);

    Merge merge = merge(4);

    assertEquals(5, merge.kept());
    assertEquals(2, merge.going());
    assertEquals(4, merge.depth());
  }

  @Test
  void small_shared_layers_are_copied_for_a_fleet_too() {
    shared(6, MIB);

    assertEquals(merge(4), verdict(4, SharedLayers.COPY_IF_CHEAP));
  }

  @Test
  void large_shared_layers_are_copied_only_for_a_single_box() {
    shared(6, 1000 * MIB);

    assertEquals(3, merge(4).kept());
    assertEquals(
        new LeaveReason.SharedLayersCostMore(2000 * MIB, 2), reason(4, SharedLayers.COPY_IF_CHEAP));
  }

  @Test
  void private_layers_are_merged_if_large_shared_layers_are_not_copied() {
    own(3, MIB).shared(6, 1000 * MIB);

    assertEquals(
        new Merge(4, base(4), ImmutableList.of(base(1), base(2), base(3)), 3, 6),
        verdict(2, SharedLayers.COPY_IF_CHEAP));
  }

  @Test
  void a_layer_that_is_not_a_base_of_this_home_never_becomes_the_backing_file() {
    own(1, MIB).foreign(2).shared(2, MIB);

    assertEquals(new Merge(4, base(4), ImmutableList.of(base(1)), 1, 2), merge(4));
  }

  @Test
  void layers_below_the_lowest_base_are_kept() {
    own(3, MIB).foreign(4);

    assertEquals(new Merge(3, base(3), ImmutableList.of(base(1), base(2)), 2, 5), merge(2));
  }

  @Test
  void a_disk_whose_only_base_is_the_first_layer_is_left_alone() {
    own(1, MIB).foreign(4);

    assertEquals(new LeaveReason.NoBaseFurtherDown(5), reason(2, SharedLayers.COPY));
  }

  @Test
  void every_small_chain_gets_a_valid_verdict() {
    for (int chain = 0; chain < 3 * 3 * 3 * 3 * 3; chain++) {
      below.clear();
      boolean isPrivate = true;
      for (int rest = chain, i = 0; i < 5; i++, rest /= 3) {
        isPrivate &= rest % 3 == 0;
        below.add(
            new LayerBelow(rest % 3 == 2 ? null : next(), isPrivate, (i * 7L % 3 + 1) * 40 * MIB));
      }
      for (int limit = 1; limit <= 5; limit++) {
        for (SharedLayers shared : SharedLayers.values()) {
          if (verdict(limit, shared) instanceof Merge merge) {
            check(merge, limit, shared);
          }
        }
      }
    }
  }

  private void check(Merge merge, int limit, SharedLayers shared) {
    assertEquals(merge.base(), below.get(merge.kept() - 1).base());
    assertTrue(merge.kept() > 1, "nothing is merged");
    assertEquals(below.size() - merge.kept() + 1, merge.depth());
    boolean couldBeMet =
        below.subList(below.size() - limit, below.size()).stream()
            .anyMatch(layer -> layer.base() != null);
    if (couldBeMet && shared == SharedLayers.COPY) {
      assertTrue(merge.depth() <= limit, () -> below + " to " + limit + ": " + merge);
    }
  }

  @Test
  void a_chain_of_a_hundred_thousand_layers_is_judged_in_linear_time() {
    own(100_000, MIB);

    // A comparison of all pairs would take much longer.
    ProcessorTime.assertAtMost(Duration.ofSeconds(10), () -> verdict(32, SharedLayers.COPY));
  }
}
