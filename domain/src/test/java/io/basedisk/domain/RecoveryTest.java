package io.basedisk.domain;

import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Operations that fail, or whose process is killed, at any one of their steps. */
final class RecoveryTest {

  private static final Path ELSEWHERE = Path.of("/mnt/vm");

  /** An operation, on a fleet in which every kind of thing exists already. */
  private record Scenario(String name, Consumer<Fleet> operation) {}

  private static final ImmutableList<Scenario> SCENARIOS =
      ImmutableList.of(
          new Scenario("fork", fleet -> fleet.fork("a")),
          new Scenario("snapshot", fleet -> fleet.snapshot("a", "new")),
          new Scenario("snapshot by a copy", fleet -> fleet.copy("a", "copied")),
          new Scenario("fork across file systems", RecoveryTest::forkElsewhere),
          new Scenario("create a box", fleet -> fleet.create("new")),
          new Scenario("clone an unwritten box", fleet -> fleet.cloneBox("b", "x", "y")),
          new Scenario("clone a written box", fleet -> fleet.cloneBox("a", "x", "y")),
          new Scenario("remove a box", fleet -> fleet.remove("c")),
          new Scenario(
              "remove a box with snapshots",
              fleet -> fleet.useCases.boxes().remove(box("a"), Boxes.SnapshotsOnRemoval.REMOVE)),
          new Scenario("restore a snapshot", fleet -> fleet.restore("b", "there")),
          new Scenario(
              "restore a snapshot and save what was",
              fleet ->
                  fleet
                      .useCases
                      .snapshots()
                      .restore(box("b"), new SnapshotName("here"), new SnapshotName("saved"))),
          new Scenario("remove a snapshot", fleet -> fleet.removeSnapshot("b", "there")),
          new Scenario("demote a snapshot", fleet -> fleet.removeSnapshot("a", "old")),
          new Scenario(
              "import an image",
              fleet ->
                  fleet
                      .useCases
                      .boxes()
                      .createFromImage(
                          box("new"), ImageSource.qcow2(disk("a")), null, Progress.NONE)),
          new Scenario("create a box on a rootfs", fleet -> fleet.createOnRootfs("new", "debian")),
          new Scenario(
              "supersede a rootfs",
              fleet -> fleet.addRootfs("debian", ImageSource.qcow2(disk("a")))),
          new Scenario(
              "attach a rootfs",
              fleet -> fleet.useCases.rootfs().attach(box("a"), new RootfsKey("debian"))),
          new Scenario("prune the rootfs cache", fleet -> fleet.useCases.rootfs().prune(0)),
          new Scenario("compact a box", fleet -> fleet.compact("c", 1)),
          new Scenario("compact a box that shares its layers", fleet -> fleet.compact("a", 1)));

  private static void forkElsewhere(Fleet fleet) {
    fleet.useCases.bases().create(box("vm"), ELSEWHERE, BaseDiskKind.CLONE_BASE, null);
  }

  private static Fleet fleet() {
    Fleet fleet = new Fleet();
    fleet.disks.mount(ELSEWHERE.getParent());
    fleet.disks.makeDisk(ELSEWHERE.resolve("disk.qcow2"), 1 << 20);
    fleet.disks.guestWrites(ELSEWHERE.resolve("disk.qcow2"), 1, "elsewhere");
    fleet.create("a", "c");
    fleet.write("a", 1, "of a");
    fleet.snapshot("a", "old");
    fleet.write("a", 2, "more of a");
    fleet.cloneBox("a", "b");
    fleet.write("a", 3, "still more of a");
    fleet.write("c", 1, "of c");
    fleet.fork("c");
    fleet.write("c", 2, "more of c");
    fleet.fork("c");
    fleet.snapshot("b", "here");
    fleet.snapshot("b", "there");
    fleet.restore("b", "here");
    fleet.create("maker");
    fleet.attachGuestRootfs("b", fleet.fork("maker"));
    fleet.remove("maker");
    fleet.addRootfs("debian", fleet.image("debian.qcow2", "installed"));
    fleet.check();
    return fleet;
  }

  private static Map<Path, Map<Long, String>> contents(Fleet fleet) {
    Map<Path, Map<Long, String>> contents = new TreeMap<>();
    fleet.store.read(view -> view.boxes().list()).stream()
        .map(box -> box.disksDir().resolve("disk.qcow2"))
        .forEach(disk -> contents.put(disk, fleet.disks.guestReads(disk)));
    contents.put(ELSEWHERE, fleet.disks.guestReads(ELSEWHERE.resolve("disk.qcow2")));
    return contents;
  }

  private static List<String> stepsOf(Scenario scenario) {
    Fleet fleet = fleet();
    List<String> steps = new ArrayList<>();
    fleet.beforeEachStep(steps::add);
    scenario.operation().accept(fleet);
    fleet.check();
    return steps;
  }

  private static Stream<DynamicTest> atEachStep(
      String what, java.util.function.BiConsumer<Scenario, Integer> test) {
    return SCENARIOS.stream()
        .flatMap(
            scenario -> {
              List<String> steps = stepsOf(scenario);
              return java.util.stream.IntStream.range(0, steps.size())
                  .mapToObj(
                      i ->
                          DynamicTest.dynamicTest(
                              scenario.name() + ": " + what + " " + i + ", " + steps.get(i),
                              () -> test.accept(scenario, i)));
            });
  }

  /** Whether each disk that is there reads as before the operation, or as after it. */
  private static void checkContents(
      Scenario scenario, Map<Path, Map<Long, String>> before, Fleet fleet) {
    Fleet done = fleet();
    scenario.operation().accept(done);
    Map<Path, Map<Long, String>> after = contents(done);
    contents(fleet)
        .forEach(
            (disk, content) -> {
              if (!content.equals(after.get(disk))) {
                assertEquals(before.getOrDefault(disk, content), content);
              }
            });
  }

  @Tag("exploration")
  @TestFactory
  Stream<DynamicTest> a_step_that_fails_leaves_the_fleet_as_before_or_as_after() {
    return atEachStep(
        "fails at step",
        (scenario, failing) -> {
          Fleet fleet = fleet();
          Map<Path, Map<Long, String>> before = contents(fleet);
          int[] count = {0};
          fleet.beforeEachStep(
              step -> {
                if (count[0]++ == failing) {
                  throw new StorageException("injected at: " + step);
                }
              });
          boolean failed = false;
          try {
            scenario.operation().accept(fleet);
          } catch (StorageException injected) {
            failed = true;
          }
          fleet.beforeEachStep(step -> {});
          if (failed) {
            fleet.useCases.recover();
          }
          fleet.check();
          checkContents(scenario, before, fleet);
        });
  }

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Tag("exploration")
  @TestFactory
  Stream<DynamicTest> a_kill_at_a_step_is_recovered_by_the_next_process() {
    return atEachStep(
        "killed at step",
        (scenario, last) -> {
          Fleet fleet = fleet();
          Map<Path, Map<Long, String>> before = contents(fleet);
          int[] count = {0};
          fleet.beforeEachStep(
              step -> {
                if (count[0]++ >= last) {
                  throw new Killed();
                }
              });
          assertThrows(Killed.class, () -> scenario.operation().accept(fleet));
          Fleet next = fleet.afterKill();
          next.useCases.recover();
          next.check();
          checkContents(scenario, before, next);
        });
  }

  @Tag("exploration")
  @TestFactory
  Stream<DynamicTest> a_kill_in_the_recovery_is_recovered_too() {
    return atEachStep(
        "killed at step",
        (scenario, last) -> {
          for (int second = 0; ; second++) {
            Fleet fleet = fleet();
            int[] count = {0};
            fleet.beforeEachStep(
                step -> {
                  if (count[0]++ >= last) {
                    throw new Killed();
                  }
                });
            assertThrows(Killed.class, () -> scenario.operation().accept(fleet));
            Fleet dying = fleet.afterKill();
            int limit = second;
            int[] recovered = {0};
            dying.beforeEachStep(
                step -> {
                  if (recovered[0]++ >= limit) {
                    throw new Killed();
                  }
                });
            boolean completed = true;
            try {
              dying.useCases.recover();
            } catch (Killed again) {
              completed = false;
            }
            Fleet next = dying.afterKill();
            next.useCases.recover();
            next.check();
            if (completed) {
              return;
            }
          }
        });
  }

  @Test
  void an_interrupted_operation_leaves_the_thread_interrupted() {
    Fleet fleet = fleet();
    fleet.beforeEachStep(
        step -> {
          if (step.startsWith("rename") && !Thread.currentThread().isInterrupted()) {
            Thread.currentThread().interrupt();
            throw new InterruptedOperationException("the thread was interrupted");
          }
        });
    assertThrows(InterruptedOperationException.class, () -> fleet.fork("a"));
    assertTrue(Thread.interrupted());
    fleet.beforeEachStep(step -> {});
    fleet.check();
  }

  @Test
  void a_disk_that_is_not_there_allows_no_verdict_and_its_box_stays_busy() {
    Fleet fleet = fleet();
    fleet.beforeEachStep(
        step -> {
          if (step.startsWith("rename")) {
            throw new Killed();
          }
          if (step.startsWith("sync " + disk("a").getParent())) {
            throw new Killed();
          }
        });
    assertThrows(Killed.class, () -> fleet.fork("a"));
    Fleet next = fleet.afterKill();
    next.disks.rename(disk("a"), Path.of("/mnt-away"));
    next.useCases.recover();
    assertTrue(next.events.stream().anyMatch(event -> event instanceof Event.LeftUndecided));
    assertThrows(BusyException.class, () -> next.remove("a"));
    next.disks.rename(Path.of("/mnt-away"), disk("a"));
    next.useCases.recover();
    next.check();
  }

  @Test
  void a_removal_is_not_taken_for_done_while_the_disks_file_system_is_away() {
    Fleet fleet = fleet();
    forkElsewhere(fleet);
    fleet.beforeEachStep(
        step -> {
          if (step.startsWith("remove")) {
            throw new Killed();
          }
        });
    assertThrows(Killed.class, () -> fleet.remove("vm"));
    Fleet next = fleet.afterKill();
    next.disks.rename(ELSEWHERE.resolve("disk.qcow2"), Path.of("/mnt/away"));
    next.disks.remove(ELSEWHERE);
    next.useCases.recover();
    assertTrue(next.events.stream().anyMatch(event -> event instanceof Event.LeftUndecided));
    next.disks.withDirectory(ELSEWHERE);
    next.disks.rename(Path.of("/mnt/away"), ELSEWHERE.resolve("disk.qcow2"));
    next.useCases.recover();
    assertTrue(next.disks.status(ELSEWHERE.resolve("disk.qcow2")).isEmpty());
    next.check();
  }

  @Test
  void a_home_opens_though_an_operation_cant_be_settled_or_a_base_not_collected() {
    Fleet fleet = fleet();
    fleet.beforeEachStep(
        step -> {
          if (step.startsWith("rename")) {
            throw new Killed();
          }
          if (step.startsWith("sync " + disk("a").getParent())) {
            throw new Killed();
          }
        });
    assertThrows(Killed.class, () -> fleet.fork("a"));
    Fleet next = fleet.afterKill();
    next.store.change(
        tx ->
            tx.references().deleteOf(box("c")).forEach(tx.pendingDeletes()::insertCollectPending));
    next.beforeEachStep(
        step -> {
          if (!step.startsWith("write")) {
            throw new StorageException("injected at: " + step);
          }
        });
    next.useCases.recover();
    assertTrue(next.events.stream().anyMatch(event -> event instanceof Event.LeftUndecided));
    assertTrue(next.events.stream().anyMatch(event -> event instanceof Event.CollectionPostponed));
  }
}
