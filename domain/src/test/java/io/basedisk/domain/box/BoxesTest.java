package io.basedisk.domain.box;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.box.BoxDetails.DiskState;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.CreateBoxesIntent;
import io.basedisk.domain.model.intent.NewBox;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Boxes: their creation, details and removal. */
final class BoxesTest {

  private final Fleet fleet = new Fleet();

  @Test
  void a_new_box_has_an_empty_disk_of_its_size() {
    BoxDetails created = fleet.useCases.boxes().create(box("web"), new ByteSize(10 << 20));
    assertEquals(new DiskState.Known(10 << 20, 0), created.disk());
    assertTrue(fleet.read("web").isEmpty());
    fleet.check();
  }

  @Test
  void a_size_is_rounded_up_to_whole_sectors() {
    BoxDetails created = fleet.useCases.boxes().create(box("web"), new ByteSize(1000));
    assertEquals(new DiskState.Known(1024, 0), created.disk());
  }

  @Test
  void the_directories_of_a_box_can_be_passed_through_but_not_listed() {
    fleet.create("web");
    for (Path directory :
        ImmutableList.of(HOME.boxDirectory(box("web")), HOME.disksDirectory(box("web")))) {
      assertEquals(
          HomeLayout.PASS_THROUGH_MODE, fleet.disks.status(directory).orElseThrow().mode());
    }
  }

  @Test
  void a_box_that_exists_is_not_created_again() {
    fleet.create("web");
    fleet.write("web", 1, "mine");
    assertThrows(AlreadyExistsException.class, () -> fleet.create("web"));
    assertEquals("mine", fleet.read("web").get(1L));
    fleet.check();
  }

  @Test
  void a_box_is_not_created_over_a_directory_that_is_there() {
    fleet.disks.makeDisk(disk("web"), 1 << 20);
    ImmutableSet<Path> before = fleet.files();
    assertThrows(AlreadyExistsException.class, () -> fleet.create("web"));
    assertEquals(before, fleet.files());
  }

  @Test
  void a_size_that_no_image_can_have_leaves_nothing_behind() {
    assertThrows(
        InvalidArgumentException.class,
        () -> fleet.useCases.boxes().create(box("web"), new ByteSize(1L << 62)));
    assertEquals(ImmutableSet.of(), fleet.files());
    fleet.check();
  }

  @Test
  void boxes_are_listed_newest_first_and_of_equal_times_the_later_one_first() {
    fleet.create("a", "b");
    fleet.later(1).create("c");
    assertEquals(
        ImmutableList.of(box("c"), box("b"), box("a")),
        fleet.useCases.boxes().list().stream().map(details -> details.box().id()).toList());
  }

  @Test
  void a_box_tells_its_base_and_its_depth() {
    fleet.create("web");
    fleet.fork("web");
    BaseDisk top = fleet.fork("web");
    BoxDetails details = fleet.useCases.boxes().get(box("web"));
    assertEquals(top.id(), details.baseId());
    assertEquals(new DiskState.Known(1 << 30, 2), details.disk());
  }

  @Test
  void a_box_whose_disk_is_missing_is_listed_all_the_same() {
    fleet.create("web");
    fleet.disks.remove(disk("web"));
    assertInstanceOf(DiskState.Unknown.class, fleet.useCases.boxes().list().get(0).disk());
  }

  @Test
  void a_box_that_does_not_exist_is_not_found() {
    assertThrows(NotFoundException.class, () -> fleet.useCases.boxes().get(box("web")));
    assertThrows(NotFoundException.class, () -> fleet.remove("web"));
  }

  @Test
  void a_removed_box_leaves_nothing() {
    fleet.create("web");
    fleet.remove("web");
    assertEquals(ImmutableSet.of(), fleet.files());
    fleet.create("web");
    fleet.check();
  }

  @Test
  void a_box_with_snapshots_is_not_removed_and_they_are_named() {
    fleet.create("web");
    fleet.snapshot("web", "daily");
    fleet.snapshot("web", "weekly");
    RefusedException refusal = assertThrows(RefusedException.class, () -> fleet.remove("web"));
    assertTrue(refusal.getMessage().contains("weekly, daily"), refusal::getMessage);
    fleet.check();
  }

  @Test
  void a_box_is_removed_with_its_snapshots_if_that_is_wanted() {
    fleet.create("web");
    fleet.snapshot("web", "daily");
    fleet.snapshot("web", "weekly");
    fleet.useCases.boxes().remove(box("web"), Boxes.SnapshotsOnRemoval.REMOVE);
    assertEquals(ImmutableSet.of(), fleet.files());
  }

  @Test
  void a_snapshot_that_a_clone_needs_goes_with_the_clone_when_its_box_is_gone() {
    fleet.create("web");
    BaseDisk snapshot = fleet.snapshot("web", "daily");
    fleet.cloneBox("web", "copy");
    fleet.useCases.boxes().remove(box("web"), Boxes.SnapshotsOnRemoval.REMOVE);
    assertEquals(BaseDiskKind.CLONE_BASE, fleet.find(snapshot).orElseThrow().kind());
    assertEquals(ImmutableList.of(snapshot.id()), fleet.remove("copy"));
  }

  @Test
  void a_disk_that_replaced_the_boxs_disk_is_not_removed() {
    fleet.create("web");
    fleet.beforeEachStep(
        step -> {
          if (step.equals("remove " + disk("web"))) {
            fleet.beforeEachStep(none -> {});
            throw new io.basedisk.domain.error.StorageException("injected");
          }
        });
    fleet.remove("web");
    assertEquals(ImmutableSet.of(), fleet.files());
  }

  @Test
  void other_files_in_a_directory_of_an_embedder_stay() {
    Path dir = Path.of("/vms/x");
    fleet.disks.makeDisk(dir.resolve("disk.qcow2"), 1 << 20);
    fleet.disks.writeBytes(dir.resolve("vm.xml"), new byte[] {1});
    fleet.useCases.bases().create(box("x"), dir, BaseDiskKind.CLONE_BASE, null);
    fleet.remove("x");
    assertTrue(fleet.disks.status(dir.resolve("vm.xml")).isPresent());
    assertTrue(fleet.disks.status(dir.resolve("disk.qcow2")).isEmpty());
    assertEquals(ImmutableSet.of(), fleet.files());
  }

  @Test
  void a_box_that_a_live_operation_has_claimed_is_busy() {
    fleet.create("web");
    OperationId other = new OperationId(99);
    try (var owner = fleet.locks.tryAcquire(other).orElseThrow()) {
      claim(other, "web");
      BusyException busy = assertThrows(BusyException.class, () -> fleet.fork("web"));
      assertEquals(99, busy.holder());
    }
  }

  @Test
  void a_wait_for_a_box_that_an_interrupt_ends_is_no_refusal() {
    fleet.create("web");
    OperationId other = new OperationId(99);
    try (var owner = fleet.locks.tryAcquire(other).orElseThrow()) {
      claim(other, "web");
      Fleet waiting = fleet.with(ports -> ports.withTimeout(Duration.ofMinutes(1)));
      Thread.currentThread().interrupt();
      assertThrows(InterruptedOperationException.class, () -> waiting.fork("web"));
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void a_box_that_a_dead_operation_has_claimed_is_recovered_on_the_way() {
    claim(new OperationId(99), "web");
    fleet.create("web");
    fleet.check();
  }

  private void claim(OperationId id, String name) {
    fleet.store.change(
        tx ->
            tx.intents()
                .insert(
                    new CreateBoxesIntent(
                        id,
                        ImmutableList.of(NewBox.in(HOME, box(name))),
                        null,
                        fleet.ports.now())));
  }
}
