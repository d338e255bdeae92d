package io.basedisk.domain.clone;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Clones of boxes and of snapshots. */
final class ClonesTest {

  private final Fleet fleet = new Fleet();

  @Test
  void clones_read_as_their_source_did_and_go_their_own_ways() {
    fleet.create("src");
    fleet.write("src", 1, "shared");
    fleet.cloneBox("src", "a", "b");
    fleet.write("src", 1, "of src");
    fleet.write("a", 2, "of a");
    assertEquals(Map.of(1L, "of src"), fleet.read("src"));
    assertEquals(Map.of(1L, "shared", 2L, "of a"), fleet.read("a"));
    assertEquals(Map.of(1L, "shared"), fleet.read("b"));
    fleet.check();
  }

  @Test
  void a_disk_that_was_not_written_to_since_its_fork_is_not_forked_again() {
    fleet.create("src");
    fleet.write("src", 1, "x");
    BaseDisk base = fleet.fork("src");
    assertEquals(base.id(), fleet.cloneBox("src", "a").id());
    assertEquals(base.id(), fleet.cloneBox("a", "b").id());
    fleet.check();
  }

  @Test
  void a_disk_that_was_written_to_is_forked() {
    fleet.create("src");
    BaseDisk base = fleet.fork("src");
    fleet.write("src", 1, "x");
    BaseDisk second = fleet.cloneBox("src", "a");
    assertNotEquals(base.id(), second.id());
    assertEquals(BaseDiskKind.CLONE_BASE, second.kind());
    fleet.check();
  }

  @Test
  void an_empty_disk_without_a_base_is_forked() {
    fleet.create("src");
    fleet.cloneBox("src", "a");
    fleet.check();
  }

  @Test
  void a_clone_of_a_snapshot_reads_as_the_box_did_then() {
    fleet.create("src");
    fleet.write("src", 1, "then");
    BaseDisk snapshot = fleet.snapshot("src", "daily");
    fleet.write("src", 1, "now");
    Clones.Cloned cloned =
        fleet
            .useCases
            .clones()
            .cloneSnapshot(box("src"), new SnapshotName("daily"), ImmutableList.of(box("a")));
    assertEquals(snapshot.id(), cloned.base().id());
    assertEquals(Map.of(1L, "then"), fleet.read("a"));
    fleet.check();
  }

  @Test
  void a_clone_has_owner_and_mode_of_the_disk_that_it_is_of() {
    fleet.create("src");
    fleet.disks.setOwner(disk("src"), 107, 108);
    fleet.disks.setMode(disk("src"), 0660);
    fleet.snapshot("src", "daily");
    fleet
        .useCases
        .clones()
        .cloneSnapshot(box("src"), new SnapshotName("daily"), ImmutableList.of(box("a")));
    FileStatus clone = fleet.disks.status(disk("a")).orElseThrow();
    assertEquals(0660, clone.mode());
    assertEquals(107, clone.owner());
  }

  @Test
  void the_boxes_come_in_the_order_in_which_they_were_named() {
    fleet.create("src");
    Clones.Cloned cloned =
        fleet.useCases.clones().cloneBox(box("src"), ImmutableList.of(box("b"), box("a")));
    assertEquals(
        ImmutableList.of(box("b"), box("a")),
        cloned.boxes().stream().map(details -> details.box().id()).toList());
  }

  @Test
  void what_a_clone_says_of_its_boxes_is_what_they_are() {
    fleet.create("src");
    fleet.snapshot("src", "older");
    fleet.write("src", 1, "x");
    Clones.Cloned cloned =
        fleet.useCases.clones().cloneBox(box("src"), ImmutableList.of(box("a"), box("b")));
    assertEquals(
        ImmutableList.of(
            fleet.useCases.boxes().get(box("a")), fleet.useCases.boxes().get(box("b"))),
        cloned.boxes());
  }

  @Test
  void the_last_name_of_a_thousand_refuses_the_whole_batch_before_anything_is_touched() {
    fleet.create("src", "c-999");
    fleet.write("src", 1, "x");
    ImmutableSet<Path> before = fleet.files();
    String[] names =
        IntStream.range(0, 1_000).mapToObj(number -> "c-" + number).toArray(String[]::new);
    assertThrows(AlreadyExistsException.class, () -> fleet.cloneBox("src", names));
    assertEquals(before, fleet.files());
    fleet.check();
  }

  @Test
  void one_name_that_exists_refuses_the_whole_batch_before_anything_is_touched() {
    fleet.create("src", "b");
    fleet.write("src", 1, "x");
    ImmutableSet<Path> before = fleet.files();
    assertThrows(AlreadyExistsException.class, () -> fleet.cloneBox("src", "a", "b", "c"));
    assertEquals(before, fleet.files());
    fleet.check();
  }

  @Test
  void one_directory_that_exists_refuses_the_whole_batch_before_anything_is_touched() {
    fleet.create("src");
    fleet.write("src", 1, "x");
    fleet.disks.withDirectory(HOME.boxDirectory(box("b")));
    ImmutableSet<Path> before = fleet.files();
    assertThrows(AlreadyExistsException.class, () -> fleet.cloneBox("src", "a", "b", "c"));
    assertEquals(before, fleet.files());
  }

  @Test
  void a_batch_that_fails_in_the_middle_leaves_none_of_it() {
    fleet.create("src");
    fleet.fork("src");
    ImmutableSet<Path> before = fleet.files();
    fleet.beforeEachStep(
        step -> {
          if (step.startsWith("create overlay " + disk("b"))) {
            throw new io.basedisk.domain.error.StorageException("no space");
          }
        });
    assertThrows(RuntimeException.class, () -> fleet.cloneBox("src", "a", "b", "c"));
    fleet.beforeEachStep(step -> {});
    assertEquals(before, fleet.files());
    fleet.check();
  }

  @Test
  void no_name_a_name_twice_or_a_source_that_does_not_exist_is_an_error() {
    fleet.create("src");
    assertThrows(InvalidArgumentException.class, () -> fleet.cloneBox("src"));
    assertThrows(InvalidArgumentException.class, () -> fleet.cloneBox("src", "a", "a"));
    assertThrows(NotFoundException.class, () -> fleet.cloneBox("missing", "a"));
    assertThrows(
        NotFoundException.class,
        () ->
            fleet
                .useCases
                .clones()
                .cloneSnapshot(box("src"), new SnapshotName("none"), ImmutableList.of(box("a"))));
    fleet.check();
  }

  @Test
  void a_clone_whose_base_was_taken_away_before_it_could_be_held_looks_again() {
    fleet.create("src");
    BaseDisk base = fleet.fork("src");
    boolean[] done = {false};
    fleet.beforeEachStep(
        step -> {
          if (step.equals("write to the store") && !done[0]) {
            done[0] = true;
            // Another process gives the box another disk and collects the base.
            fleet.disks.makeDisk(Path.of("/fresh"), 1 << 30);
            fleet.disks.rename(Path.of("/fresh"), disk("src"));
            fleet.store.<Boolean>write(
                tx -> {
                  tx.references().deleteOf(box("src"));
                  tx.log()
                      .append(
                          base.createdAt(),
                          ImmutableList.of(LoggedChange.of(LogEvent.COLLECTED, base)));
                  return tx.bases().delete(base.id());
                });
            fleet.disks.remove(base.diskInfo().basePath());
          }
        });
    assertNotEquals(base.id(), fleet.cloneBox("src", "a").id());
    assertTrue(done[0]);
    fleet.check();
  }

  @Test
  void a_source_that_is_removed_while_its_clone_is_made_is_not_found_and_nothing_is_left() {
    fleet.create("web");
    fleet.write("web", 1, "written");
    fleet.beforeEachStep(
        step -> {
          if (step.startsWith("copy attributes") && step.endsWith(disk("copy").toString())) {
            fleet.remove("web");
          }
        });
    assertThrows(NotFoundException.class, () -> fleet.cloneBox("web", "copy"));
    fleet.beforeEachStep(step -> {});
    fleet.useCases.recover();
    fleet.check();
    assertEquals(ImmutableSet.of(), fleet.files());
  }

  @Test
  void a_disk_with_snapshots_inside_is_cloned_if_they_may_stay_in_the_base() {
    fleet.create("web");
    fleet.disks.alterHeader(
        disk("web"), h -> new ImageHeader(3, h.virtualSize(), null, false, false, 1, 0));
    assertThrows(RefusedException.class, () -> fleet.cloneBox("web", "copy"));
    BaseDisk base =
        fleet
            .useCases
            .clones()
            .cloneBox(box("web"), ImmutableList.of(box("copy")), InternalSnapshots.LEAVE_IN_BASE)
            .base();
    assertEquals(1, fleet.disks.readHeader(base.diskInfo().basePath()).internalSnapshots());
    assertEquals(0, fleet.disks.readHeader(disk("copy")).internalSnapshots());
    fleet.check();
  }
}
