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

  /** The layers below the disk, the nearest first; the nearest is b0000001. */
  private final List<LayerBelow> below = new ArrayList<>();

  private BaseDiskId next() {
    return base(below.size() + 1);
  }

  private static BaseDiskId base(int layer) {
    return new BaseDiskId(String.format("b%07d", layer));
  }

  /** Adds layers that only this disk needs. */
  @CanIgnoreReturnValue
  private CompactionPolicyTest own(int count, long bytes) {
    for (int i = 0; i < count; i++) {
      below.add(new LayerBelow(next(), true, bytes));
    }
    return this;
  }

  /** Adds layers that something else needs too. */
  @CanIgnoreReturnValue
  private CompactionPolicyTest shared(int count, long bytes) {
    for (int i = 0; i < count; i++) {
      below.add(new LayerBelow(next(), false, bytes));
    }
    return this;
  }

  /** Adds layers that are files of somebody else. */
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
  void a_chain_that_is_as_deep_as_the_limit_stays() {
    own(5, MIB);

    assertEquals(new LeaveReason.ShortEnough(5, new MaxDepth(5)), reason(5, SharedLayers.COPY));
  }

  @Test
  void a_disk_on_nothing_stays() {
    assertEquals(new LeaveReason.ShortEnough(0, new MaxDepth(1)), reason(1, SharedLayers.COPY));
  }

  @Test
  void a_chain_of_its_own_is_merged_down_to_its_lowest_base_even_where_the_limit_asks_for_less() {
    own(6, MIB);

    assertEquals(
        new Merge(6, base(6), ImmutableList.of(base(1), base(2), base(3), base(4), base(5)), 5, 1),
        merge(5));
  }

  @Test
  void the_first_layer_that_others_need_is_kept_where_that_is_enough() {
    own(4, MIB).shared(2, 1000 * MIB);

    assertEquals(
        new Merge(5, base(5), ImmutableList.of(base(1), base(2), base(3), base(4)), 4, 2),
        merge(3));
  }

  @Test
  void a_large_layer_is_not_written_again_for_the_sake_of_one_layer_less() {
    own(5, MIB).own(1, 1000 * MIB).own(1, MIB);

    assertEquals(6, merge(4).kept());
  }

  @Test
  void a_large_layer_is_written_again_where_the_limit_asks_for_it() {
    own(5, MIB).own(1, 1000 * MIB).own(1, MIB);

    assertEquals(7, merge(1).kept());
  }

  @Test
  void no_more_layers_that_others_need_are_copied_than_the_limit_asks_for() {
    own(2, MIB).shared(6, MIB);

    Merge merge = merge(4);

    assertEquals(5, merge.kept());
    assertEquals(2, merge.going());
    assertEquals(4, merge.depth());
  }

  @Test
  void small_layers_that_others_need_are_copied_for_a_fleet_too() {
    shared(6, MIB);

    assertEquals(merge(4), verdict(4, SharedLayers.COPY_IF_CHEAP));
  }

  @Test
  void large_layers_that_others_need_are_copied_only_if_asked_for() {
    shared(6, 1000 * MIB);

    assertEquals(3, merge(4).kept());
    assertEquals(
        new LeaveReason.SharedLayersCostMore(2000 * MIB, 2), reason(4, SharedLayers.COPY_IF_CHEAP));
  }

  @Test
  void what_goes_is_merged_where_large_layers_that_others_need_are_left_alone() {
    own(3, MIB).shared(6, 1000 * MIB);

    assertEquals(
        new Merge(4, base(4), ImmutableList.of(base(1), base(2), base(3)), 3, 6),
        verdict(2, SharedLayers.COPY_IF_CHEAP));
  }

  @Test
  void a_file_of_somebody_else_is_not_kept_as_the_nearest_layer() {
    own(1, MIB).foreign(2).shared(2, MIB);

    assertEquals(new Merge(4, base(4), ImmutableList.of(base(1)), 1, 2), merge(4));
  }

  @Test
  void below_the_lowest_base_a_chain_stays_as_deep_as_it_is() {
    own(3, MIB).foreign(4);

    assertEquals(new Merge(3, base(3), ImmutableList.of(base(1), base(2)), 2, 5), merge(2));
  }

  @Test
  void a_disk_whose_only_base_is_the_nearest_stays() {
    own(1, MIB).foreign(4);

    assertEquals(new LeaveReason.NoBaseFurtherDown(5), reason(2, SharedLayers.COPY));
  }

  @Test
  void every_cut_of_every_small_chain_keeps_its_promises() {
    for (int chain = 0; chain < 3 * 3 * 3 * 3 * 3; chain++) {
      below.clear();
      boolean goes = true;
      for (int rest = chain, i = 0; i < 5; i++, rest /= 3) {
        goes &= rest % 3 == 0;
        below.add(new LayerBelow(rest % 3 == 2 ? null : next(), goes, (i * 7L % 3 + 1) * 40 * MIB));
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
  void a_chain_of_a_hundred_thousand_layers_is_judged_layer_by_layer() {
    own(100_000, MIB);

    // To look at each pair of them would take longer.
    ProcessorTime.assertAtMost(Duration.ofSeconds(10), () -> verdict(32, SharedLayers.COPY));
  }
}
