package io.basedisk.domain.space;

import static io.basedisk.domain.testing.Fleet.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryImageLocks;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Reports of the space of bases and boxes. */
final class SpaceTest {

  private final Fleet fleet = new Fleet();

  private SpaceReport home() {
    return fleet.useCases.space().ofHome();
  }

  private BaseSpace of(BaseDisk base) {
    return find(home(), base);
  }

  private static BaseSpace find(SpaceReport report, BaseDisk base) {
    return report.bases().stream()
        .filter(space -> space.base().id().equals(base.id()))
        .findFirst()
        .orElseThrow();
  }

  private BoxSpace of(String box) {
    return home().boxes().stream()
        .filter(space -> space.box().equals(box(box)))
        .findFirst()
        .orElseThrow();
  }

  private long bytes(BaseDisk... bases) {
    long sum = 0;
    for (BaseDisk base : bases) {
      sum += bytes(base.diskInfo().basePath());
    }
    return sum;
  }

  private long bytes(Path file) {
    return fleet.disks.status(file).map(FileStatus::allocatedBytes).orElseThrow();
  }

  @Test
  void a_box_without_a_base_occupies_only_its_disk() {
    fleet.create("a");

    long disk = bytes(Fleet.disk("a"));
    assertEquals(new BoxSpace(box("a"), disk, disk, 0), of("a"));
  }

  @Test
  void a_base_below_one_box_is_exclusive_to_it() {
    fleet.create("a");
    fleet.write("a", 1, "x");
    BaseDisk base = fleet.fork("a");

    long disk = bytes(Fleet.disk("a"));
    assertEquals(new BoxSpace(box("a"), disk, disk + bytes(base), 0), of("a"));
    assertEquals(0, of(base).exclusiveBytes());
    assertEquals(ImmutableSet.of(box("a")), of(base).sharedWith());
  }

  @Test
  void a_base_below_two_boxes_is_exclusive_to_neither() {
    fleet.create("a");
    BaseDisk shared = fleet.cloneBox("a", "b");
    fleet.write("b", 1, "x");
    BaseDisk own = fleet.fork("b");

    long disk = bytes(Fleet.disk("b"));
    assertEquals(new BoxSpace(box("b"), disk, disk + bytes(own), bytes(shared)), of("b"));
    assertEquals(0, of(shared).exclusiveBytes());
    assertEquals(ImmutableSet.of(box("a"), box("b")), of(shared).sharedWith());
    assertEquals(1, of(shared).children());
  }

  @Test
  void a_boxs_snapshot_keeps_its_bases_when_the_box_is_removed() {
    fleet.create("a");
    BaseDisk below = fleet.fork("a");
    BaseDisk snapshot = fleet.snapshot("a", "s");

    long disk = bytes(Fleet.disk("a"));
    assertEquals(new BoxSpace(box("a"), disk, disk, bytes(below, snapshot)), of("a"));
  }

  @Test
  void bases_below_an_unused_snapshot_are_exclusive_to_it() {
    fleet.create("a");
    BaseDisk root = fleet.snapshot("a", "old");
    BaseDisk below = fleet.fork("a");
    BaseDisk snapshot = fleet.snapshot("a", "s");
    fleet.restore("a", "old");

    assertEquals(bytes(snapshot, below), of(snapshot).exclusiveBytes());
    assertEquals(0, of(below).exclusiveBytes());
    assertEquals(0, of(root).exclusiveBytes());
    assertEquals(ImmutableSet.of(), of(snapshot).sharedWith());
  }

  @Test
  void a_base_below_both_disks_of_a_box_counts_once() {
    fleet.create("a");
    BaseDisk root = fleet.snapshot("a", "s");
    BaseDisk container = fleet.fork("a");
    BaseDisk guest = fleet.cloneBox("a", "other");
    fleet.attachGuestRootfs("a", root);

    BoxSpace space = of("a");
    assertEquals(bytes(Fleet.disk("a")) + bytes(Fleet.guestRootfs("a")), space.allocatedBytes());
    assertEquals(space.allocatedBytes(), space.exclusiveBytes());
    assertEquals(bytes(root, container), space.sharedBytes(), () -> "and none for " + guest);
  }

  @Test
  void a_base_below_only_a_boxs_guest_rootfs_is_exclusive_to_the_box() {
    fleet.create("a", "b");
    BaseDisk rootfs = fleet.cloneBox("b", "c");
    fleet.attachGuestRootfs("a", rootfs);
    fleet.remove("b");
    fleet.remove("c");

    assertEquals(of("a").allocatedBytes() + bytes(rootfs), of("a").exclusiveBytes());
  }

  @Test
  void a_missing_file_counts_0_bytes() {
    fleet.create("a");
    BaseDisk base = fleet.fork("a");
    fleet.disks.remove(base.diskInfo().basePath());
    fleet.disks.remove(Fleet.disk("a"));

    assertEquals(0, of(base).allocatedBytes());
    assertEquals(new BoxSpace(box("a"), 0, 0, 0), of("a"));
    assertEquals(0, home().allocatedBytes());
  }

  @Test
  void the_total_is_the_sum_of_all_files() {
    fleet.create("a");
    fleet.cloneBox("a", "b");
    fleet.write("b", 1, "x");
    fleet.snapshot("b", "s");

    long sum =
        fleet.files().stream()
            .filter(file -> fleet.disks.status(file).orElseThrow().isRegularFile())
            .mapToLong(this::bytes)
            .sum();
    assertEquals(sum, home().allocatedBytes());
  }

  @Test
  void a_collect_pending_base_is_reclaimable_unless_a_process_has_it_open() {
    fleet.create("a");
    BaseDisk below = fleet.fork("a");
    BaseDisk base = fleet.fork("a");
    try (InMemoryImageLocks.Open reader =
        fleet.imageLocks.openForReading(base.diskInfo().basePath())) {
      fleet.remove("a");

      assertEquals(0, home().reclaimableBytes(), reader::toString);
      assertEquals(bytes(base), of(base).exclusiveBytes());
    }

    assertEquals(bytes(below, base), home().reclaimableBytes());
    assertEquals(
        home().reclaimableBytes(),
        fleet
            .useCases
            .garbageCollection()
            .collect(GarbageCollection.Scope.DEFAULT)
            .bases()
            .freedBytes());
  }

  @Test
  void the_report_of_a_box_agrees_with_the_report_of_the_home() {
    fleet.create("a", "other");
    BaseDisk shared = fleet.cloneBox("a", "b");
    BaseDisk own = fleet.fork("b");
    fleet.fork("a");
    fleet.fork("other");

    SpaceReport report = fleet.useCases.space().of(box("b"));

    assertEquals(
        ImmutableList.of(own.id(), shared.id()),
        report.bases().stream()
            .map(space -> space.base().id())
            .collect(ImmutableList.toImmutableList()));
    assertEquals(ImmutableList.of(of("b")), report.boxes());
    assertEquals(figures(home(), own, shared), figures(report, own, shared));
    assertEquals(bytes(own, shared) + bytes(Fleet.disk("b")), report.allocatedBytes());
    assertEquals(0, report.reclaimableBytes());
  }

  private static ImmutableMap<BaseDiskId, String> figures(SpaceReport report, BaseDisk... bases) {
    ImmutableMap.Builder<BaseDiskId, String> figures = ImmutableMap.builder();
    for (BaseDisk base : bases) {
      BaseSpace space = find(report, base);
      figures.put(
          base.id(),
          space.allocatedBytes() + " " + space.exclusiveBytes() + " " + space.sharedWith());
    }
    return figures.build();
  }

  @Test
  void a_missing_box_has_no_report() {
    assertThrows(NotFoundException.class, () -> fleet.useCases.space().of(BoxId.of("a")));
  }
}
