package io.basedisk.domain;

import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryImageLocks.Open;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations on disks on which VMs run, or start while an operation is under way. */
final class RunningVmTest {

  private static final Path ELSEWHERE = Path.of("/mnt/vm/disk.qcow2");

  private final Fleet fleet = new Fleet();

  private void when(String step, Runnable action) {
    boolean[] done = {false};
    fleet.beforeEachStep(
        next -> {
          if (!done[0] && next.startsWith(step)) {
            done[0] = true;
            action.run();
          }
        });
  }

  @Test
  void a_disk_that_a_vm_writes_to_is_not_forked_and_the_vm_is_named() {
    fleet.create("web");
    ImmutableSet<Path> before = fleet.files();
    try (Open vm = fleet.imageLocks.startVm(disk("web"))) {
      RefusedException refusal = assertThrows(RefusedException.class, () -> fleet.fork("web"));
      assertTrue(refusal.getMessage().contains("process 42"), () -> refusal.getMessage() + vm);
    }
    assertEquals(before, fleet.files());
    fleet.fork("web");
    fleet.check();
  }

  @Test
  void a_box_whose_disk_a_vm_writes_to_is_not_removed() {
    fleet.create("web");
    try (Open vm = fleet.imageLocks.startVm(disk("web"))) {
      assertThrows(RefusedException.class, () -> fleet.remove("web"), vm::toString);
    }
    fleet.check();
    assertTrue(fleet.disks.status(disk("web")).isPresent());
  }

  @Test
  void a_vm_that_keeps_to_the_locks_can_not_start_on_the_old_disk_during_a_fork() {
    fleet.create("web");
    when(
        "rename",
        () ->
            assertThrows(IllegalStateException.class, () -> fleet.imageLocks.startVm(disk("web"))));
    fleet.fork("web");
    fleet.check();
  }

  @Test
  void a_vm_that_starts_on_the_new_overlay_while_the_fork_ends_is_not_disturbed() {
    fleet.create("web");
    when("remove write permission", () -> fleet.imageLocks.startVm(disk("web")));
    fleet.fork("web");
    fleet.write("web", 1, "by the VM");
    fleet.check();
  }

  @Test
  void a_writer_that_opened_the_disk_just_before_the_rename_undoes_the_fork() {
    fleet.create("web");
    fleet.write("web", 1, "before");
    ImmutableSet<Path> before = fleet.files();
    when("rename", () -> fleet.imageLocks.openForWriting(disk("web")));
    assertThrows(RefusedException.class, () -> fleet.fork("web"));
    assertEquals(before, fleet.files());
    assertEquals(Map.of(1L, "before"), fleet.read("web"));
    fleet.write("web", 2, "by the late writer");
    assertEquals(Map.of(1L, "before", 2L, "by the late writer"), fleet.read("web"));
    fleet.check();
  }

  @Test
  void the_same_where_the_disk_is_copied() {
    fleet.disks.mount(Path.of("/mnt"));
    fleet.disks.makeDisk(ELSEWHERE, 1 << 20);
    var identity = fleet.disks.status(ELSEWHERE).orElseThrow().identity();
    when("rename " + ELSEWHERE.getParent(), () -> fleet.imageLocks.openForWriting(ELSEWHERE));
    assertThrows(
        RefusedException.class,
        () ->
            fleet
                .useCases
                .bases()
                .create(Fleet.box("vm"), ELSEWHERE.getParent(), BaseDiskKind.CLONE_BASE, null));
    assertEquals(identity, fleet.disks.status(ELSEWHERE).orElseThrow().identity());
    assertEquals(
        ImmutableSet.of(ELSEWHERE.getParent(), ELSEWHERE),
        fleet.disks.list().stream()
            .filter(path -> path.startsWith(ELSEWHERE.getParent()))
            .collect(ImmutableSet.toImmutableSet()));
    fleet.check();
  }

  private void killedBehindTheRenameWithALateWriter() {
    killedBehindTheRenameWith(() -> fleet.imageLocks.openForWriting(disk("web")));
  }

  /** Runs an action just before the rename, and ends the process just after it. */
  private void killedBehindTheRenameWith(Runnable beforeRename) {
    fleet.create("web");
    fleet.write("web", 1, "before");
    kill(() -> fleet.fork("web"), beforeRename);
  }

  private void kill(Executable operation, Runnable beforeRename) {
    boolean[] renamed = {false};
    fleet.beforeEachStep(
        step -> {
          if (renamed[0]) {
            throw new Killed();
          }
          if (step.startsWith("rename")) {
            beforeRename.run();
            renamed[0] = true;
          }
        });
    assertThrows(Throwable.class, operation); // Whatever the operation had on its way out by then.
    fleet.beforeEachStep(step -> {});
    fleet.locks.die();
  }

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void a_late_writer_of_a_fork_whose_process_died_undoes_it_too() {
    killedBehindTheRenameWithALateWriter();
    fleet.useCases.recover();
    assertEquals(Map.of(1L, "before"), fleet.read("web"));
    fleet.write("web", 2, "by the late writer");
    fleet.check();
  }

  @Test
  void a_late_writer_and_a_vm_on_the_overlay_allow_no_verdict_and_neither_loses_anything() {
    killedBehindTheRenameWithALateWriter();
    fleet.imageLocks.openForWriting(disk("web"));
    fleet.write("web", 2, "by the VM on the overlay");
    fleet.useCases.recover();
    assertTrue(fleet.events.stream().anyMatch(event -> event instanceof Event.LeftUndecided));
    assertEquals(Map.of(1L, "before", 2L, "by the VM on the overlay"), fleet.read("web"));
  }

  // Restores.

  private void boxWithSnapshot() {
    fleet.create("web");
    fleet.write("web", 1, "then");
    fleet.snapshot("web", "old");
    fleet.write("web", 1, "now");
    fleet.create("maker");
    fleet.attachGuestRootfs("web", fleet.fork("maker"));
  }

  @Test
  void a_writer_that_opened_the_disk_just_before_the_rename_undoes_the_restore() {
    boxWithSnapshot();
    ImmutableSet<Path> before = fleet.files();
    when("rename", () -> fleet.imageLocks.openForWriting(disk("web")));
    assertThrows(RefusedException.class, () -> fleet.restore("web", "old"));
    assertEquals(before, fleet.files());
    fleet.write("web", 2, "by the late writer");
    assertEquals(Map.of(1L, "now", 2L, "by the late writer"), fleet.read("web"));
    fleet.check();
  }

  @Test
  void a_late_writer_to_the_guest_rootfs_rolls_the_restore_back_too() {
    boxWithSnapshot();
    ImmutableSet<Path> before = fleet.files();
    when("rename", () -> fleet.imageLocks.openForWriting(Fleet.guestRootfs("web")));
    assertThrows(RefusedException.class, () -> fleet.restore("web", "old"));
    assertEquals(before, fleet.files());
    assertEquals(Map.of(1L, "now"), fleet.read("web"));
    fleet.check();
  }

  private void killedBehindTheRenameOfARestoreWithALateWriter() {
    boxWithSnapshot();
    kill(() -> fleet.restore("web", "old"), () -> fleet.imageLocks.openForWriting(disk("web")));
  }

  @Test
  void a_late_writer_of_a_restore_whose_process_died_undoes_it_too() {
    killedBehindTheRenameOfARestoreWithALateWriter();
    fleet.useCases.recover();
    assertEquals(Map.of(1L, "now"), fleet.read("web"));
    fleet.write("web", 2, "by the late writer");
    fleet.check();
  }

  @Test
  void a_late_writer_and_a_vm_on_the_restored_disk_allow_no_verdict_and_neither_loses_anything() {
    killedBehindTheRenameOfARestoreWithALateWriter();
    ImmutableSet<Path> before = fleet.files();
    fleet.imageLocks.openForWriting(disk("web"));
    fleet.write("web", 2, "by the VM on the restored disk");
    fleet.useCases.recover();
    assertTrue(fleet.events.stream().anyMatch(event -> event instanceof Event.LeftUndecided));
    assertEquals(Map.of(1L, "then", 2L, "by the VM on the restored disk"), fleet.read("web"));
    assertEquals(before, fleet.files());
  }

  @Test
  void a_late_writer_and_a_reader_of_the_restored_disk_allow_no_verdict_either() {
    killedBehindTheRenameOfARestoreWithALateWriter();
    ImmutableSet<Path> before = fleet.files();
    fleet.imageLocks.openForReading(disk("web"));
    fleet.useCases.recover();
    assertTrue(fleet.events.stream().anyMatch(event -> event instanceof Event.LeftUndecided));
    assertEquals(before, fleet.files());
  }

  @Test
  void a_restore_that_died_once_its_old_disk_had_begun_to_go_is_completed() {
    boxWithSnapshot();
    boolean[] begun = {false};
    fleet.beforeEachStep(
        step -> {
          if (begun[0]) {
            throw new Killed();
          }
          begun[0] = step.startsWith("remove " + Fleet.guestRootfs("web"));
        });
    assertThrows(Killed.class, () -> fleet.restore("web", "old"));
    fleet.beforeEachStep(step -> {});
    fleet.locks.die();
    fleet.disks.list().stream()
        .filter(file -> file.toString().endsWith(".old"))
        .forEach(fleet.imageLocks::openForWriting);
    fleet.useCases.recover();
    assertEquals(Map.of(1L, "then"), fleet.read("web"));
    fleet.check();
  }

  @Test
  void a_foreign_disk_in_the_place_of_a_half_restored_one_allows_no_verdict() {
    boxWithSnapshot();
    fleet.beforeEachStep(
        step -> {
          if (step.startsWith("rename") || step.startsWith("sync " + disk("web").getParent())) {
            throw new Killed();
          }
        });
    assertThrows(Killed.class, () -> fleet.restore("web", "old"));
    fleet.beforeEachStep(step -> {});
    fleet.locks.die();
    fleet.disks.remove(disk("web"));
    fleet.disks.makeDisk(disk("web"), 1 << 20);
    ImmutableSet<Path> before = fleet.files();
    fleet.useCases.recover();
    assertTrue(fleet.events.stream().anyMatch(event -> event instanceof Event.LeftUndecided));
    assertEquals(before, fleet.files());
  }

  // Copies.

  @Test
  void a_paused_vm_allows_a_copy_of_its_disk_and_resumes() {
    fleet.create("web");
    fleet.fork("web");
    fleet.write("web", 1, "then");
    try (Open vm = fleet.imageLocks.startVm(disk("web"))) {
      BaseDisk copied = fleet.copy("web", "copied");
      fleet.write("web", 2, "since, by " + vm);
      assertEquals(Map.of(1L, "then"), fleet.disks.guestReads(copied.diskInfo().basePath()));
    }
    fleet.check();
  }

  @Test
  void a_vm_can_start_on_a_disk_that_is_being_copied() {
    fleet.create("web");
    when("copy", () -> fleet.imageLocks.startVm(disk("web")));
    fleet.copy("web", "copied");
    fleet.check();
  }

  @ParameterizedTest
  @ValueSource(strings = {"write", "copy"})
  void a_copy_of_a_disk_that_is_written_during_it_is_refused_and_leaves_nothing(String step) {
    fleet.create("web");
    fleet.write("web", 1, "before");
    ImmutableSet<Path> before = fleet.files();
    when(step, () -> fleet.write("web", 1, "after"));
    RefusedException refusal =
        assertThrows(RefusedException.class, () -> fleet.copy("web", "copied"));
    assertEquals(Optional.of(new Remedy.PauseVm(disk("web"))), refusal.remedy());
    assertEquals(before, fleet.files());
    fleet.check();
  }

  @Test
  void a_copy_of_a_disk_that_is_written_to_within_the_tick_of_an_earlier_write_is_refused() {
    fleet.create("web");
    fleet.disks.makeTickLong();
    fleet.write("web", 1, "before");
    when("copy", () -> fleet.write("web", 1, "after"));
    assertThrows(RefusedException.class, () -> fleet.copy("web", "copied"));
    fleet.check();
  }

  @Test
  void a_disk_that_a_program_locks_against_readers_is_not_copied() {
    fleet.create("web");
    ImmutableSet<Path> before = fleet.files();
    try (Open alone = fleet.imageLocks.tryOpenAlone(disk("web")).orElseThrow()) {
      assertThrows(RefusedException.class, () -> fleet.copy("web", "copied"), alone::toString);
    }
    assertEquals(before, fleet.files());
  }

  @Test
  void no_lock_forbids_reading_a_disk_while_it_is_copied() {
    fleet.create("web");
    when("copy", () -> assertEquals(Optional.empty(), fleet.imageLocks.tryOpenAlone(disk("web"))));
    fleet.copy("web", "copied");
  }

  // Compactions.

  private void deepBox() {
    fleet.create("web");
    fleet.write("web", 1, "first");
    fleet.fork("web");
    fleet.write("web", 2, "second");
    fleet.fork("web");
    fleet.write("web", 3, "third");
  }

  private static final Map<Long, String> DEEP_AND_LATE =
      Map.of(1L, "first", 2L, "second", 3L, "third", 4L, "late");

  /** Opens the disk as a VM that takes no lock yet, writes, and is gone. */
  private void writeLate() {
    try (Open writer = fleet.imageLocks.openForWriting(disk("web"))) {
      assertTrue(writer != null);
      fleet.write("web", 4, "late");
    }
  }

  /** Writes to the disk that a compaction has replaced, as who has opened it before can do. */
  private void writeLateToTheOldDisk() {
    Path old =
        fleet.disks.list().stream()
            .filter(file -> file.toString().endsWith(".old"))
            .findFirst()
            .orElseThrow();
    fleet.disks.guestWrites(old, 4, "late");
  }

  @Test
  void a_writer_that_opened_the_disk_just_before_the_rename_undoes_the_compaction() {
    deepBox();
    ImmutableSet<Path> before = fleet.files();
    when("rename", () -> fleet.imageLocks.openForWriting(disk("web")));
    assertThrows(RefusedException.class, () -> fleet.compact("web", 1));
    assertEquals(before, fleet.files());
    fleet.write("web", 4, "late");
    assertEquals(DEEP_AND_LATE, fleet.read("web"));
    assertEquals(2, fleet.depth("web"));
    fleet.check();
  }

  @Test
  void a_writer_that_has_come_and_gone_before_the_rename_undoes_the_compaction_too() {
    deepBox();
    when("rename", this::writeLate);
    assertThrows(RefusedException.class, () -> fleet.compact("web", 1));
    assertEquals(DEEP_AND_LATE, fleet.read("web"));
    fleet.check();
  }

  @Test
  void a_late_writer_of_a_compaction_whose_process_died_undoes_it() {
    deepBox();
    kill(() -> fleet.compact("web", 1), () -> fleet.imageLocks.openForWriting(disk("web")));
    fleet.useCases.recover();
    fleet.write("web", 4, "late");
    assertEquals(DEEP_AND_LATE, fleet.read("web"));
    fleet.check();
  }

  @Test
  void a_late_write_to_a_compaction_whose_process_died_is_not_lost_though_the_writer_is_gone() {
    deepBox();
    kill(() -> fleet.compact("web", 1), () -> {});
    writeLateToTheOldDisk();
    fleet.useCases.recover();
    assertEquals(DEEP_AND_LATE, fleet.read("web"));
    fleet.check();
  }

  @Test
  void a_late_write_and_one_to_the_compacted_disk_allow_no_verdict_and_neither_is_lost() {
    deepBox();
    kill(() -> fleet.compact("web", 1), () -> {});
    writeLateToTheOldDisk();
    fleet.write("web", 5, "by a VM on the compacted disk");
    ImmutableSet<Path> before = fleet.files();
    fleet.useCases.recover();
    assertTrue(fleet.events.stream().anyMatch(event -> event instanceof Event.LeftUndecided));
    assertEquals(before, fleet.files());
    assertThrows(BusyException.class, () -> fleet.fork("web"));
  }

  @Test
  void a_vm_on_the_compacted_disk_of_a_process_that_died_keeps_what_it_wrote() {
    deepBox();
    kill(() -> fleet.compact("web", 1), () -> {});
    fleet.write("web", 4, "late");
    fleet.useCases.recover();
    assertEquals(DEEP_AND_LATE, fleet.read("web"));
    assertEquals(1, fleet.depth("web"));
    fleet.check();
  }

  @Test
  void what_the_guest_had_not_flushed_before_is_no_late_write_after_a_power_cut() {
    deepBox();
    fleet.disks.guestWritesWithoutFlush(disk("web"), 6, "not flushed");
    kill(() -> fleet.compact("web", 1), () -> {});
    fleet.disks.sync(disk("web").getParent());
    fleet.write("web", 4, "by a VM on the compacted disk");
    for (long state = 0; state < fleet.disks.powerCutStates(); state++) {
      Fleet cut = fleet.afterPowerCut(fleet.disks, fleet.store, state);
      cut.useCases.recover();
      cut.check();
      assertEquals(5, cut.read("web").size());
    }
  }

  // Collections.

  @Test
  void a_fork_behind_one_that_allows_no_verdict_is_busy_and_settles_it_as_soon_as_it_can() {
    Open[] late = new Open[1];
    killedBehindTheRenameWith(() -> late[0] = fleet.imageLocks.openForWriting(disk("web")));
    fleet.write("web", 2, "by a VM on the overlay");

    assertThrows(BusyException.class, () -> fleet.fork("web"));
    assertThrows(BusyException.class, () -> fleet.cloneBox("web", "copy"));

    late[0].close();
    fleet.fork("web");
    assertEquals(Map.of(1L, "before", 2L, "by a VM on the overlay"), fleet.read("web"));
    fleet.check();
  }

  @Test
  void an_open_base_stays_and_goes_with_a_later_operation() {
    fleet.create("web", "other");
    BaseDisk base = fleet.fork("web");
    try (Open backup = fleet.imageLocks.openForReading(base.diskInfo().basePath())) {
      assertTrue(fleet.remove("web").isEmpty(), backup::toString);
      assertTrue(fleet.exists(base));
      assertTrue(
          fleet.events.contains(
              new Event.Kept(
                  Optional.of(fleet.lastOperation()),
                  base.id(),
                  new KeepReason.OpenIn("open in process 42 (a VM)"))));
      assertEquals(
          ImmutableMap.of(base.id(), new KeepReason.OpenIn("open in process 42 (a VM)")),
          fleet.useCases.garbageCollection().plan(GarbageCollection.Scope.DEFAULT).bases().kept());
    }
    fleet.fork("other");
    assertFalse(fleet.exists(base));
    fleet.check();
  }

  @Test
  void an_open_base_is_not_removed() {
    fleet.create("web");
    BaseDisk snapshot = fleet.snapshot("web", "daily");
    fleet.cloneBox("web", "copy");
    try (Open backup = fleet.imageLocks.openForReading(snapshot.diskInfo().basePath())) {
      assertThrows(
          RefusedException.class,
          () -> fleet.useCases.bases().remove(snapshot.id()),
          backup::toString);
    }
  }

  @Test
  void an_unwritten_disk_that_a_vm_has_open_is_not_taken_for_unwritten() {
    fleet.create("web");
    BaseDisk base = fleet.fork("web");
    try (Open vm = fleet.imageLocks.startVm(disk("web"))) {
      assertThrows(RefusedException.class, () -> fleet.cloneBox("web", "copy"), vm::toString);
    }
    assertEquals(base.id(), fleet.cloneBox("web", "copy").id());
  }

  @Test
  void telling_about_boxes_does_not_keep_a_vm_from_starting() {
    fleet.create("web");
    fleet.useCases.boxes().list();
    fleet.useCases.garbageCollection().plan(GarbageCollection.Scope.DEFAULT);
    fleet.imageLocks.startVm(disk("web")).close();
  }
}
