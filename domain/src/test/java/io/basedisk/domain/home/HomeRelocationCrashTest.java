package io.basedisk.domain.home;

import static io.basedisk.domain.home.MovableHome.NEW;
import static io.basedisk.domain.home.MovableHome.OLD;
import static io.basedisk.domain.home.MovableHome.OUTSIDE;
import static io.basedisk.domain.home.MovableHome.disk;
import static io.basedisk.domain.testing.Fleet.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.home.HomeRelocation.Declared;
import io.basedisk.domain.home.HomeRelocation.Relocated;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.testing.BoundPorts;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import io.basedisk.domain.testing.InMemoryDisks;
import io.basedisk.domain.testing.SyncLeftOut;
import io.basedisk.domain.testing.TestNotes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A relocation that is interrupted at any step: by a power cut, in each state that it may leave, by
 * a kill, or by a failure. The next relocation completes it, or undoes it if the home was moved
 * again.
 */
@Tag("exploration")
final class HomeRelocationCrashTest {

  private static final int STATES_A_MOMENT = 200;
  private static final int SECOND_CUTS_A_MOMENT = Integer.getInteger("basedisk.second-cuts", 2);
  private static final long SEED = Long.getLong("basedisk.seed", 20_261_127L);

  @RegisterExtension private final TestNotes notes = new TestNotes();

  /** How a home came to its new path. */
  private enum Way {
    MOVED,
    COPIED,
    /** Copied from a home that has no id yet. */
    LANDED;

    MovableHome make() {
      return switch (this) {
        case MOVED -> MovableHome.make().move();
        case COPIED -> MovableHome.make().copy();
        case LANDED -> MovableHome.landed().copy();
      };
    }

    boolean isCopy() {
      return this != MOVED;
    }
  }

  /** The home before one step. */
  private record Moment(String nextStep, InMemoryDisks disks, InMemoryBaseDiskStore store) {}

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  // Checks.

  private record Expected(
      Way way,
      Map<String, Map<Long, String>> reads,
      Map<Long, String> outside,
      Map<String, String> digests) {

    static Expected of(Way way) {
      MovableHome before = way == Way.LANDED ? MovableHome.landed() : MovableHome.make();
      return new Expected(
          way, before.reads(OLD), before.disks.guestReads(OUTSIDE), before.digests(OLD));
    }

    void check(MovableHome home) {
      home.checkIsAt(NEW);
      assertEquals(reads, home.reads(NEW));
      assertEquals(digests, home.digests(NEW));
      assertEquals(outside, home.disks.guestReads(OUTSIDE));
      assertEquals(
          way.isCopy(), home.store.read(view -> view.boxes().find(box("vm"))).isEmpty(), "box vm");
      checkOriginal(home);
    }

    /** The original never changes, whatever happens to the copy. */
    void checkOriginal(MovableHome home) {
      if (way.isCopy()) {
        assertEquals(reads, home.reads(OLD));
        assertEquals(digests, home.digests(OLD));
        assertEquals(outside, home.disks.guestReads(OUTSIDE));
      }
    }
  }

  // Power cuts.

  private static final class Exploration {

    private final Way way;
    private final UnaryOperator<BoundPorts> change;
    private final Expected expected;
    private final Random random = new Random(SEED);
    private long cuts;
    private long secondCuts;

    Exploration(Way way, UnaryOperator<BoundPorts> change) {
      this.way = way;
      this.change = change;
      this.expected = Expected.of(way);
    }

    void run() {
      MovableHome home = way.make();
      for (Moment moment : moments(home)) {
        for (long state : states(moment, STATES_A_MOMENT)) {
          cuts++;
          try {
            cut(home.afterPowerCut(moment.disks(), moment.store(), state));
          } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                "cut before " + moment.nextStep() + ", state " + state + ": " + e.getMessage(), e);
          }
        }
      }
    }

    private void cut(MovableHome cut) {
      expected.checkOriginal(cut);
      List<Moment> moments = moments(cut);
      expected.check(cut);
      moments.remove(moments.size() - 1);
      for (Moment second : moments) {
        for (long state : states(second, SECOND_CUTS_A_MOMENT)) {
          secondCuts++;
          MovableHome again = cut.afterPowerCut(second.disks(), second.store(), state);
          again.relocation(NEW, change).relocate(Declared.NOTHING);
          expected.check(again);
        }
      }
    }

    /** Relocates the home. Returns its state before each step and at the end. */
    private List<Moment> moments(MovableHome home) {
      List<Moment> moments = new ArrayList<>();
      home.fleet.beforeEachStep(
          step -> moments.add(new Moment(step, home.disks.copy(), home.store.copy())));
      home.relocation(NEW, change).relocate(Declared.NOTHING);
      home.fleet.beforeEachStep(step -> {});
      moments.add(new Moment("the end", home.disks.copy(), home.store.copy()));
      return moments;
    }

    private long[] states(Moment moment, int most) {
      long states = moment.disks().powerCutStates();
      return states <= most
          ? IntStream.range(0, (int) states).asLongStream().toArray()
          : random.longs(most, 0, states).toArray();
    }
  }

  @TestFactory
  Stream<DynamicTest> a_power_cut_at_any_step_and_again_in_the_second_run_is_completed() {
    return Stream.of(Way.values())
        .map(
            way ->
                DynamicTest.dynamicTest(
                    way.name(),
                    () -> {
                      Exploration exploration = new Exploration(way, UnaryOperator.identity());
                      notes.add("power cuts, relocate, %s: seed %d", way, SEED);
                      exploration.run();
                      notes.add(
                          "%d states, then %d in the second run",
                          exploration.cuts, exploration.secondCuts);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> without_any_single_sync_the_exploration_finds_a_loss() {
    return Stream.of(Way.MOVED, Way.COPIED)
        .flatMap(
            way -> {
              List<Path> synced = new ArrayList<>();
              way.make().relocation(NEW, SyncLeftOut.of(-1, synced)).relocate(Declared.NOTHING);
              return IntStream.range(0, synced.size())
                  .filter(n -> isNeeded(way, n, synced))
                  .mapToObj(
                      n ->
                          DynamicTest.dynamicTest(
                              way + " without the sync of " + synced.get(n),
                              () -> assertFound(way, n)));
            });
  }

  /**
   * Returns whether a relocation needs its {@code n}-th sync. A moved home keeps its id, so its
   * identity file needs no sync. The header of a base in a copy is synced a second time, with the
   * base's description.
   */
  private static boolean isNeeded(Way way, int n, List<Path> synced) {
    Path path = synced.get(n);
    return way.isCopy()
        ? !synced.subList(n + 1, synced.size()).contains(path)
        : path.startsWith(new HomeLayout(NEW).bases())
            || path.startsWith(new HomeLayout(NEW).boxes())
            || path.equals(OUTSIDE);
  }

  private static void assertFound(Way way, int n) {
    Exploration exploration = new Exploration(way, SyncLeftOut.of(n, new ArrayList<>()));
    Throwable found = assertThrows(Throwable.class, exploration::run);
    assertTrue(
        found instanceof AssertionError || found instanceof BaseDiskException, found::toString);
  }

  // Kills and failures.

  @TestFactory
  Stream<DynamicTest> a_kill_at_any_step_is_completed() {
    return atEachStep(
        (way, step) -> {
          MovableHome killed = stopped(way, step, new Killed()).afterKill();
          killed.relocate();
          Expected.of(way).check(killed);
        });
  }

  @TestFactory
  Stream<DynamicTest> a_step_that_fails_is_repeated_by_the_next_run() {
    return atEachStep(
        (way, step) -> {
          MovableHome failed = stopped(way, step, new StorageException("no space left"));
          failed.relocate();
          Expected.of(way).check(failed);
        });
  }

  @TestFactory
  Stream<DynamicTest> a_home_that_is_moved_back_after_a_kill_is_as_it_was() {
    return atEachStep(
        Way.MOVED,
        (way, step) -> {
          MovableHome killed = stopped(way, step, new Killed()).afterKill();
          killed.disks.moveTree(NEW, OLD);
          killed.relocation(OLD).plan(Declared.NOTHING);
          Relocated relocated = killed.relocation(OLD).relocate(Declared.NOTHING);
          Expected expected = Expected.of(way);
          assertEquals(OLD, relocated.to());
          assertEquals(expected.reads(), killed.reads(OLD));
          assertEquals(expected.digests(), killed.digests(OLD));
          assertEquals(expected.outside(), killed.disks.guestReads(OUTSIDE));
          assertEquals(
              OLD, killed.store.read(view -> view.home().findIdentity()).orElseThrow().path());
          assertFalse(killed.store.read(view -> view.home().findRelocation()).isPresent());
        });
  }

  @TestFactory
  Stream<DynamicTest> a_home_that_is_moved_further_after_a_kill_is_relocated_to_where_it_is() {
    Path third = Path.of("/srv/third");
    return atEachStep(
        Way.MOVED,
        (way, step) -> {
          MovableHome killed = stopped(way, step, new Killed()).afterKill();
          killed.disks.moveTree(NEW, third);
          killed.relocation(third).plan(Declared.NOTHING);
          killed.relocation(third).relocate(Declared.NOTHING);
          killed.checkIsAt(third);
          Expected expected = Expected.of(way);
          assertEquals(expected.reads(), killed.reads(third));
          assertEquals(expected.digests(), killed.digests(third));
          assertEquals(expected.outside(), killed.disks.guestReads(OUTSIDE));
        });
  }

  @TestFactory
  Stream<DynamicTest> a_copy_of_a_home_in_the_middle_of_a_relocation_is_completed_in_its_place() {
    return atEachStep(
        (way, step) -> {
          MovableHome killed = stopped(way, step, new Killed()).afterKill();
          // Like {@code cp -a} to another file system and back: other files at the same path.
          killed.disks.copyTree(NEW, Path.of("/srv/away"));
          killed.disks.removeTree(NEW);
          killed.disks.moveTree(Path.of("/srv/away"), NEW);
          killed.relocate();
          assertEquals(Expected.of(way).reads(), killed.reads(NEW));
          assertFalse(killed.store.read(view -> view.home().findRelocation()).isPresent());
        });
  }

  private interface AtStep {
    void run(Way way, int step);
  }

  private static Stream<DynamicTest> atEachStep(AtStep test) {
    return Stream.of(Way.values()).flatMap(way -> atEachStep(way, test));
  }

  private static Stream<DynamicTest> atEachStep(Way way, AtStep test) {
    AtomicInteger steps = new AtomicInteger();
    MovableHome home = way.make();
    home.fleet.beforeEachStep(step -> steps.incrementAndGet());
    home.relocate();
    return IntStream.range(0, steps.get())
        .mapToObj(
            step -> DynamicTest.dynamicTest(way + ", step " + step, () -> test.run(way, step)));
  }

  /** Returns a home whose relocation was interrupted before step {@code stop}, counted from 0. */
  private static MovableHome stopped(Way way, int stop, Throwable with) {
    MovableHome home = way.make();
    AtomicInteger steps = new AtomicInteger();
    home.fleet.beforeEachStep(
        step -> {
          if (steps.getAndIncrement() == stop) {
            if (with instanceof Error error) {
              throw error;
            }
            throw (RuntimeException) with;
          }
        });
    assertThrows(with.getClass(), home::relocate);
    home.fleet.beforeEachStep(step -> {});
    return home;
  }

  // Refusals of an interrupted relocation.

  /** Returns a moved home whose relocation was killed after its first header. */
  private static MovableHome interrupted(Way way) {
    return stopped(way, 8, new Killed()).afterKill();
  }

  @Test
  void a_copy_of_an_interrupted_home_is_refused_while_that_one_is_there() {
    MovableHome home = interrupted(Way.MOVED);
    Path copy = Path.of("/srv/copy");
    home.disks.copyTree(NEW, copy);
    assertRefused(home, copy, Declared.NOTHING, "complete that first, then copy again");
  }

  @Test
  void an_interrupted_relocation_is_completed_as_it_was_begun() {
    assertRefused(interrupted(Way.COPIED), NEW, Declared.MOVED, "was being relocated as a copy");
    assertRefused(interrupted(Way.MOVED), NEW, Declared.COPIED, "was being relocated as moved");
  }

  @Test
  void a_file_that_a_vm_has_open_keeps_an_interrupted_relocation_from_going_on() {
    MovableHome home = interrupted(Way.MOVED);
    try (var vm = home.fleet.imageLocks.startVm(disk(NEW, "a"))) {
      assertRefused(home, NEW, Declared.NOTHING, disk(NEW, "a").toString());
      assertTrue(vm != null);
    }
  }

  @Test
  void a_file_without_a_record_that_is_gone_does_not_keep_an_interrupted_relocation_from_its_end() {
    Path orphan = Path.of("boxes/lost/disks/disk.qcow2");
    MovableHome home = MovableHome.make();
    home.disks.withDirectory(OLD.resolve(orphan).getParent());
    home.disks.copyTree(disk(OLD, "b"), OLD.resolve(orphan));
    home.move();
    home.fleet.beforeEachStep(
        step -> {
          if (step.startsWith("patch")) {
            throw new Killed();
          }
        });
    assertThrows(Killed.class, home::relocate);
    home.fleet.beforeEachStep(step -> {});
    MovableHome killed = home.afterKill();
    killed.disks.removeTree(NEW.resolve("boxes/lost"));
    killed.relocate();
    killed.checkIsAt(NEW);
  }

  @Test
  void a_file_with_a_record_that_is_gone_keeps_an_interrupted_relocation_from_going_on() {
    MovableHome home = interrupted(Way.MOVED);
    home.disks.remove(disk(NEW, "a"));
    assertRefused(home, NEW, Declared.NOTHING, disk(NEW, "a") + ": missing");
  }

  @Test
  void a_relocation_under_way_refuses_another_one() {
    MovableHome home = Way.MOVED.make();
    List<Throwable> refused = new ArrayList<>();
    home.fleet.beforeEachStep(
        step -> {
          if (step.startsWith("patch") && refused.isEmpty()) {
            refused.add(assertThrows(RefusedException.class, home::relocate));
          }
        });
    home.relocate();
    assertEquals(1, refused.size());
    home.checkIsAt(NEW);
  }

  @Test
  void the_time_of_a_base_that_was_changed_before_stays_what_it_is() {
    MovableHome home = Way.MOVED.make();
    Path base = home.disks.list(new HomeLayout(NEW).bases()).get(0);
    home.disks.alter(base, image -> image);
    Object time = home.disks.status(base).orElseThrow().modifiedAt();
    home.relocate();
    assertEquals(time, home.disks.status(base).orElseThrow().modifiedAt());
  }

  private static void assertRefused(MovableHome home, Path at, Declared declared, String reason) {
    ImmutableList<String> before = home.everything().asList();
    RefusedException refused =
        assertThrows(RefusedException.class, () -> home.relocation(at).relocate(declared));
    assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused::toString);
    assertEquals(before, home.everything().asList());
  }
}
