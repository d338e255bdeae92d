package io.basedisk.domain.compact;

import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.compact.Compactions.Compacted;
import io.basedisk.domain.compact.Compactions.FleetOutcome;
import io.basedisk.domain.compact.Compactions.Left;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryImageLocks.Open;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compactions: merged chains, chains that are left alone, and refusals. */
final class CompactionsTest {

  private final Fleet fleet = new Fleet();

  /**
   * Creates a box with a deep chain. Each layer writes a cluster of its own, and one that all
   * layers write.
   */
  private List<BaseDiskId> deepBox(String box, int depth) {
    fleet.create(box);
    return deepen(box, depth);
  }

  private List<BaseDiskId> deepen(String box, int layers) {
    List<BaseDiskId> bases = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      fleet.write(box, 0, box + " " + i);
      fleet.write(box, 10 + bases.size(), box + " layer " + i);
      bases.add(0, fleet.fork(box).id());
    }
    return bases;
  }

  private Compacted compacted(String box, int limit) {
    return assertInstanceOf(Compacted.class, fleet.compact(box, limit));
  }

  @Test
  void private_layers_are_merged_and_collected() {
    List<BaseDiskId> bases = deepBox("web", 6);
    Map<Long, String> before = fleet.read("web");

    Compacted done = compacted("web", 3);

    assertEquals(before, fleet.read("web"));
    assertEquals(1, fleet.depth("web"));
    assertEquals(bases.subList(0, 5), done.merge().merged());
    assertEquals(bases.get(5), done.merge().base());
    assertEquals(ImmutableSet.copyOf(bases.subList(0, 5)), set(done.report().collected()));
    assertEquals(6, done.depthBefore());
    assertEquals(new BoxDetails.DiskState.Known(1 << 30, 1), done.box().disk());
    assertTrue(
        fleet.events.contains(
            new Event.Compacted(fleet.lastOperation(), box("web"), bases.get(5))));
    fleet.check();
  }

  private static ImmutableSet<BaseDiskId> set(ImmutableList<BaseDiskId> ids) {
    return ImmutableSet.copyOf(ids);
  }

  @Test
  void a_plan_predicts_the_result_and_changes_nothing() {
    deepBox("web", 6);
    ImmutableSet<Path> before = fleet.files();
    var plan =
        assertInstanceOf(
            Compacted.class, fleet.useCases.compactions().plan(box("web"), new MaxDepth(3)));
    assertEquals(before, fleet.files());
    fleet.check();

    Compacted done = compacted("web", 3);

    assertEquals(plan.merge(), done.merge());
    assertEquals(set(plan.report().collected()), set(done.report().collected()));
    assertEquals(plan.report().freedBytes(), done.report().freedBytes());
    assertEquals(plan.writtenBytes(), done.writtenBytes());
    assertEquals(plan.replacedBytes(), done.replacedBytes());
  }

  @Test
  void a_superseded_rootfs_that_only_the_box_needs_is_collected() {
    deepBox("web", 1);
    BaseDisk old =
        fleet.useCases.bases().create(box("web"), BaseDiskKind.ROOTFS, new RootfsKey("key"));
    fleet.addRootfs("key", fleet.image("new.qcow2", "new"));
    var plan =
        assertInstanceOf(
            Compacted.class, fleet.useCases.compactions().plan(box("web"), new MaxDepth(1)));

    Compacted done = compacted("web", 1);

    assertEquals(ImmutableList.of(old.id()), plan.report().collected());
    assertEquals(plan.report().freedBytes(), done.report().freedBytes());
    assertEquals(plan.merge(), done.merge());
    assertFalse(fleet.exists(old));
    fleet.check();
  }

  @Test
  void a_chain_that_is_short_enough_is_left_alone() {
    deepBox("web", 3);
    ImmutableSet<Path> before = fleet.files();

    assertEquals(
        new LeaveReason.ShortEnough(3, new MaxDepth(3)),
        assertInstanceOf(Left.class, fleet.compact("web", 3)).reason());

    assertEquals(before, fleet.files());
    assertEquals(3, fleet.depth("web"));
  }

  @Test
  void layers_that_a_clone_needs_are_kept_and_its_chain_is_unchanged() {
    deepBox("web", 3);
    BaseDisk common = fleet.cloneBox("web", "copy");
    deepen("web", 4);
    Map<Long, String> copy = fleet.read("copy");

    Compacted done = compacted("web", 5);

    assertEquals(common.id(), done.merge().base());
    assertEquals(copy, fleet.read("copy"));
    assertEquals(fleet.depth("copy"), fleet.depth("web"));
    fleet.check();
  }

  @Test
  void shared_layers_are_copied_if_the_limit_needs_it() {
    deepBox("web", 6);
    fleet.cloneBox("web", "copy");
    int shared = fleet.depth("copy");
    Map<Long, String> before = fleet.read("web");

    Compacted done = compacted("web", 2);

    assertEquals(ImmutableList.of(), done.report().collected());
    assertEquals(2, fleet.depth("web"));
    assertEquals(shared, fleet.depth("copy"));
    assertEquals(before, fleet.read("web"));
    assertEquals(before, fleet.read("copy"));
    fleet.check();
  }

  @Test
  void snapshots_can_be_restored_after_a_compaction() {
    fleet.create("web");
    for (int i = 0; i < 4; i++) {
      fleet.write("web", i, "state " + i);
      fleet.snapshot("web", "s" + i);
    }
    Map<Long, String> before = fleet.read("web");

    compacted("web", 1);

    assertEquals(before, fleet.read("web"));
    fleet.check();
    fleet.restore("web", "s2");
    assertEquals(3, fleet.read("web").size());
    fleet.check();
  }

  @Test
  void a_base_below_the_boxs_guest_rootfs_is_kept() {
    deepBox("web", 2);
    BaseDisk base = fleet.fork("web");
    deepen("web", 3);
    fleet.attachGuestRootfs("web", base);

    Compacted done = compacted("web", 5);

    assertEquals(base.id(), done.merge().base());
    fleet.check();
  }

  @Test
  void a_disk_that_grew_reads_zeros_where_a_smaller_layer_ended() {
    deepBox("web", 4);
    fleet.disks.alterHeader(disk("web"), CompactionsTest::halved);
    fleet.fork("web");
    fleet.disks.alterHeader(disk("web"), header -> sized(header, 1 << 30));
    Map<Long, String> before = fleet.read("web");

    compacted("web", 1);

    assertEquals(before, fleet.read("web"));
    fleet.check();
  }

  private static ImageHeader halved(ImageHeader header) {
    return sized(header, 11 * 65_536);
  }

  private static ImageHeader sized(ImageHeader header, long size) {
    return new ImageHeader(
        header.version(),
        size,
        header.backing(),
        header.dirty(),
        header.corrupt(),
        header.internalSnapshots(),
        header.persistentBitmaps());
  }

  @Test
  void a_compacted_disk_can_be_forked_and_cloned() {
    deepBox("web", 5);
    compacted("web", 1);
    fleet.write("web", 3, "after");
    fleet.snapshot("web", "later");
    fleet.cloneBox("web", "copy");

    assertEquals(fleet.read("web"), fleet.read("copy"));
    fleet.remove("copy");
    fleet.check();
  }

  @Tag("exploration")
  @Test
  void a_chain_of_a_thousand_layers_becomes_one_of_one() {
    deepBox("web", 1000);
    Map<Long, String> before = fleet.read("web");

    assertEquals(999, compacted("web", 32).report().collected().size());

    assertEquals(1, fleet.depth("web"));
    assertEquals(before, fleet.read("web"));
  }

  @Test
  void a_compaction_reports_its_progress() {
    deepBox("web", 3);
    List<Long> done = new ArrayList<>();

    fleet.useCases.compactions().compact(box("web"), new MaxDepth(1), (at, total) -> done.add(at));

    assertFalse(done.isEmpty());
  }

  // Refusals.

  private void refused(Class<? extends RuntimeException> error, UnaryOperator<ImageHeader> change) {
    deepBox("web", 3);
    fleet.disks.alterHeader(disk("web"), change);
    ImmutableSet<Path> before = fleet.files();

    assertThrows(error, () -> fleet.compact("web", 1));

    assertEquals(before, fleet.files());
    assertEquals(3, fleet.depth("web"));
  }

  @Test
  void a_corrupt_disk_is_not_compacted() {
    refused(
        InvalidImageException.class,
        h -> new ImageHeader(3, h.virtualSize(), h.backing(), false, true, 0, 0));
  }

  @Test
  void a_dirty_disk_is_not_compacted() {
    refused(
        RefusedException.class,
        h -> new ImageHeader(3, h.virtualSize(), h.backing(), true, false, 0, 0));
  }

  @Test
  void a_disk_with_internal_snapshots_is_not_compacted() {
    refused(
        RefusedException.class,
        h -> new ImageHeader(3, h.virtualSize(), h.backing(), false, false, 1, 0));
  }

  @Test
  void a_disk_with_bitmaps_is_not_compacted() {
    refused(
        RefusedException.class,
        h -> new ImageHeader(3, h.virtualSize(), h.backing(), false, false, 0, 1));
  }

  @Test
  void a_disk_with_another_name_is_not_compacted() {
    deepBox("web", 3);
    fleet.disks.link(disk("web"), Path.of("/other-name"));

    assertThrows(RefusedException.class, () -> fleet.compact("web", 1));
  }

  @Test
  void a_disk_with_a_writer_on_it_or_on_a_layer_is_not_compacted() {
    List<BaseDiskId> bases = deepBox("web", 3);
    for (Path file : List.of(disk("web"), Fleet.HOME.baseFile(bases.get(1)))) {
      try (Open writer = fleet.imageLocks.openForWriting(file)) {
        assertThrows(RefusedException.class, () -> fleet.compact("web", 1), writer::toString);
      }
    }
    fleet.check();
  }

  @Test
  void a_box_that_does_not_exist_is_not_found() {
    assertThrows(NotFoundException.class, () -> fleet.compact("web", 1));
  }

  @Test
  void a_depth_of_zero_is_invalid() {
    assertThrows(InvalidArgumentException.class, () -> new MaxDepth(0));
  }

  @Test
  void an_interrupted_compaction_leaves_everything_as_it_was() {
    deepBox("web", 3);
    Map<Long, String> before = fleet.read("web");
    Thread.currentThread().interrupt();

    assertThrows(InterruptedOperationException.class, () -> fleet.compact("web", 1));

    assertTrue(Thread.interrupted());
    assertEquals(before, fleet.read("web"));
    assertEquals(3, fleet.depth("web"));
    fleet.check();
  }

  // The whole fleet.

  private FleetOutcome compactAll(int limit) {
    return fleet.useCases.compactions().compactAll(new MaxDepth(limit), Progress.NONE);
  }

  @Test
  void in_a_fleet_only_deep_boxes_are_compacted() {
    deepBox("deep", 5);
    deepBox("shallow", 2);
    fleet.create("new");

    FleetOutcome outcome = compactAll(3);

    assertEquals(
        List.of(box("deep")),
        outcome.compacted().stream().map(done -> done.box().box().id()).toList());
    assertEquals(ImmutableMap.of(), outcome.skipped());
    assertEquals(1, fleet.depth("deep"));
    assertEquals(2, fleet.depth("shallow"));
    fleet.check();
  }

  @Test
  void in_a_fleet_a_box_in_use_is_skipped() {
    deepBox("one", 5);
    deepBox("used", 5);
    deepBox("two", 5);
    FleetOutcome outcome;
    try (Open vm = fleet.imageLocks.startVm(disk("used"))) {
      outcome = compactAll(3);
      assertTrue(outcome.skipped().get(box("used")).contains("process 42"), vm::toString);
    }
    assertEquals(2, outcome.compacted().size());
    assertEquals(5, fleet.depth("used"));
    fleet.check();
  }

  @Test
  void in_a_fleet_a_box_without_its_disk_is_skipped() {
    deepBox("web", 5);
    fleet.disks.remove(disk("web"));

    assertEquals(ImmutableSet.of(box("web")), compactAll(3).skipped().keySet());
  }

  @Test
  void a_plan_for_a_fleet_changes_nothing() {
    deepBox("web", 5);
    ImmutableSet<Path> before = fleet.files();

    FleetOutcome plan = fleet.useCases.compactions().planAll(new MaxDepth(3));

    assertEquals(1, plan.compacted().size());
    assertEquals(before, fleet.files());
  }
}
