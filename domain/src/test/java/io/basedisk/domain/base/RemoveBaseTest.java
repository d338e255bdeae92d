package io.basedisk.domain.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.testing.Fleet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The removal of several bases. Some have others as parent. */
final class RemoveBaseTest {

  private final Fleet fleet = new Fleet();
  private BaseDisk low;
  private BaseDisk middle;
  private BaseDisk high;

  /** Three snapshots, each on the one before, and no disk on the last. */
  @BeforeEach
  void makeChain() {
    fleet.create("web");
    low = fleet.snapshot("web", "low");
    middle = fleet.snapshot("web", "middle");
    high = fleet.snapshot("web", "high");
    fleet.restore("web", "low");
  }

  @Test
  void a_base_comes_after_those_on_it() {
    assertEquals(
        ImmutableList.of(high.id(), middle.id()),
        fleet.useCases.bases().removalOrder(ImmutableList.of(middle.id(), high.id())));
    assertEquals(
        ImmutableList.of(high.id(), middle.id()),
        fleet.useCases.bases().removalOrder(ImmutableList.of(high.id(), middle.id(), high.id())));
  }

  @Test
  void one_that_anything_else_needs_is_refused_and_nothing_changes() {
    RefusedException needed =
        assertThrows(
            RefusedException.class,
            () ->
                fleet
                    .useCases
                    .bases()
                    .removalOrder(ImmutableList.of(high.id(), middle.id(), low.id())));
    assertTrue(needed.getMessage().contains(low.id().value()), needed::getMessage);
    assertThrows(
        RefusedException.class,
        () -> fleet.useCases.bases().removalOrder(ImmutableList.of(middle.id())));
    assertThrows(
        NotFoundException.class,
        () ->
            fleet
                .useCases
                .bases()
                .removalOrder(ImmutableList.of(high.id(), new BaseDiskId("none0001"))));
    fleet.check();
  }

  @Test
  void all_rootfs_are_checked_before_one_is_removed() {
    fleet.addRootfs("a", fleet.image("a.qcow2", "a"));
    fleet.addRootfs("b", fleet.image("b.qcow2", "b"));
    fleet.createOnRootfs("db", "b");
    RootfsKey a = new RootfsKey("a");
    RootfsKey b = new RootfsKey("b");

    fleet.useCases.rootfs().checkRemoval(ImmutableList.of(a));
    RefusedException needed =
        assertThrows(
            RefusedException.class,
            () -> fleet.useCases.rootfs().checkRemoval(ImmutableList.of(a, b)));
    assertTrue(needed.getMessage().startsWith("rootfs b: "), needed::getMessage);
    assertThrows(
        NotFoundException.class,
        () -> fleet.useCases.rootfs().checkRemoval(ImmutableList.of(a, new RootfsKey("none"))));
  }
}
