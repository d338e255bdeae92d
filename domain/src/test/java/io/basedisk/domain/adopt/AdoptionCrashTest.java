package io.basedisk.domain.adopt;

import static io.basedisk.domain.adopt.DiskTree.file;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.testing.BoundPorts;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import io.basedisk.domain.testing.InMemoryDisks;
import io.basedisk.domain.testing.InMemoryImageLocks;
import io.basedisk.domain.testing.Repeats;
import io.basedisk.domain.testing.SyncLeftOut;
import io.basedisk.domain.testing.TestNotes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
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
 * An adoption that is interrupted at any step: by a power cut, in each state that it may leave, by
 * a kill, or by a failure. Afterwards all of its files are adopted, or none and each is as it was.
 */
@Tag("exploration")
final class AdoptionCrashTest {

  private static final int STATES_A_MOMENT = Repeats.of("basedisk.cuts", 30, 100);
  private static final int SECOND_CUTS_A_CUT = Repeats.of("basedisk.second-cuts", 3, 6);
  private static final int STATES_WITHOUT_A_SYNC = 200;
  private static final long SEED = Long.getLong("basedisk.seed", 20_261_129L);

  @RegisterExtension private final TestNotes notes = new TestNotes();

  /** Where the files are, and whether they move. */
  private enum Way {
    IN_PLACE(false, ""),
    LINKED(true, ""),
    COPIED(true, "mnt/"),
    LINKED_AND_COPIED(true, "");

    private final boolean intoHome;
    private final String prefix;

    Way(boolean intoHome, String prefix) {
      this.intoHome = intoHome;
      this.prefix = prefix;
    }

    /** Makes a base with an overlay that is a base too, and two disks. */
    DiskTree tree() {
      DiskTree tree = new DiskTree();
      tree.disks.mount(file("mnt"));
      String base = prefix + "base.qcow2";
      String disk = this == LINKED_AND_COPIED ? "mnt/web.qcow2" : prefix + "web.qcow2";
      return tree.image(base)
          .overlay(prefix + "patched.qcow2", "base.qcow2", "qcow2")
          .overlay(disk, prefix + "patched.qcow2")
          .overlay(prefix + "db.qcow2", base);
    }
  }

  private record Moment(String nextStep, InMemoryDisks disks, InMemoryBaseDiskStore store) {}

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  // What must be true.

  /** What each disk reads, by its name. */
  private static Map<String, Map<Long, String>> expected(Way way) {
    DiskTree tree = way.tree();
    Map<String, Map<Long, String>> reads = new TreeMap<>();
    for (AdoptionPlan.Entry box : tree.plan(false).boxes()) {
      reads.put(nameOf(box.file().path()), tree.disks.guestReads(box.file().path()));
    }
    return reads;
  }

  private static String nameOf(Path disk) {
    return String.valueOf(disk.getFileName()).replace(".qcow2", "");
  }

  /** Checks that the files are all adopted, or all as they were, and returns which. */
  private static boolean check(Way way, Fleet fleet, Map<String, Map<Long, String>> expected) {
    fleet.check();
    ImmutableList<Box> boxes = fleet.store.read(view -> view.boxes().list());
    Map<String, Map<Long, String>> reads = new TreeMap<>();
    if (boxes.isEmpty()) {
      DiskTree tree = new DiskTree(fleet);
      assertEquals(List.of(), List.copyOf(fleet.files()));
      AdoptionPlan again = tree.plan(way.intoHome);
      assertEquals(List.of(), List.copyOf(again.leftOut()));
      for (AdoptionPlan.Entry box : again.boxes()) {
        reads.put(nameOf(box.file().path()), fleet.disks.guestReads(box.file().path()));
      }
      assertEquals(2, again.bases().size());
    } else {
      for (Box box : boxes) {
        reads.put(box.id().value(), fleet.disks.guestReads(box.disk(DiskSlot.CONTAINER)));
      }
      assertEquals(way.intoHome ? 0 : 4, filesInTree(fleet), "files left in the tree");
    }
    assertEquals(expected, reads);
    return !boxes.isEmpty();
  }

  private static long filesInTree(Fleet fleet) {
    return fleet.disks.list().stream()
        .filter(path -> path.startsWith(DiskTree.ROOT))
        .filter(path -> fleet.disks.status(path).orElseThrow().isRegularFile())
        .count();
  }

  // Power cuts.

  private static final class Exploration {

    private final Way way;
    private final UnaryOperator<BoundPorts> change;
    private final int statesAMoment;
    private final int secondCutsACut;
    private final Map<String, Map<Long, String>> expected;
    private final Random random = new Random(SEED);
    private long cuts;
    private long secondCuts;
    private long adopted;

    Exploration(Way way, UnaryOperator<BoundPorts> change, int statesAMoment, int secondCutsACut) {
      this.way = way;
      this.change = change;
      this.statesAMoment = statesAMoment;
      this.secondCutsACut = secondCutsACut;
      this.expected = expected(way);
    }

    void run() {
      Fleet fleet = way.tree().fleet.with(change);
      List<Moment> moments = new ArrayList<>();
      fleet.beforeEachStep(
          step -> moments.add(new Moment(step, fleet.disks.copy(), fleet.store.copy())));
      adopt(way, fleet);
      fleet.beforeEachStep(step -> {});
      moments.add(new Moment("the end", fleet.disks.copy(), fleet.store.copy()));
      for (Moment moment : moments) {
        boolean isLast = moment.nextStep().equals("the end");
        for (long state : states(moment)) {
          cuts++;
          try {
            boolean isAdopted = cut(fleet.afterPowerCut(moment.disks(), moment.store(), state));
            adopted += isAdopted ? 1 : 0;
            assertTrue(isAdopted || !isLast, "a complete adoption is lost");
          } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                "cut before " + moment.nextStep() + ", state " + state + ": " + e.getMessage(), e);
          }
        }
      }
    }

    private boolean cut(Fleet cut) {
      List<Moment> moments = new ArrayList<>();
      Fleet recovering = cut.with(change);
      recovering.beforeEachStep(
          step -> moments.add(new Moment(step, cut.disks.copy(), cut.store.copy())));
      recovering.useCases.recover();
      recovering.beforeEachStep(step -> {});
      for (int i = 0; i < secondCutsACut && !moments.isEmpty(); i++) {
        secondCuts++;
        Moment second = moments.get(random.nextInt(moments.size()));
        long state = random.nextLong(second.disks().powerCutStates());
        Fleet again = cut.afterPowerCut(second.disks(), second.store(), state).with(change);
        again.useCases.recover();
        check(way, again, expected);
      }
      return check(way, cut, expected);
    }

    private long[] states(Moment moment) {
      long states = moment.disks().powerCutStates();
      return states <= statesAMoment
          ? IntStream.range(0, (int) states).asLongStream().toArray()
          : random.longs(statesAMoment, 0, states).toArray();
    }
  }

  private static void adopt(Way way, Fleet fleet) {
    AdoptionRequest request = DiskTree.request(way.intoHome);
    fleet.useCases.adoption().adopt(fleet.useCases.adoption().plan(request));
  }

  @TestFactory
  Stream<DynamicTest> a_power_cut_at_any_step_and_again_in_the_recovery_loses_nothing() {
    return Stream.of(Way.values())
        .map(
            way ->
                DynamicTest.dynamicTest(
                    way.name(),
                    () -> {
                      Exploration exploration =
                          new Exploration(
                              way, UnaryOperator.identity(), STATES_A_MOMENT, SECOND_CUTS_A_CUT);
                      exploration.run();
                      notes.add(
                          "power cuts, adopt, %s: %d states, %d of them then adopted, then %d in"
                              + " the recovery, seed %d",
                          way, exploration.cuts, exploration.adopted, exploration.secondCuts, SEED);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> without_a_sync_that_is_needed_the_exploration_finds_a_loss() {
    return Stream.of(Way.LINKED, Way.COPIED)
        .flatMap(
            way -> {
              List<Path> synced = new ArrayList<>();
              adopt(way, way.tree().fleet.with(SyncLeftOut.of(-1, synced)));
              return IntStream.range(0, synced.size())
                  .filter(n -> isNeeded(n, synced))
                  .mapToObj(
                      n ->
                          DynamicTest.dynamicTest(
                              way + " without sync " + n + ", of " + synced.get(n),
                              () -> assertFound(way, n)));
            });
  }

  /**
   * Returns whether an adoption needs its {@code n}-th sync: of the directories of the old and new
   * names. A header is synced when its file is. A file that is linked was durable before.
   */
  private static boolean isNeeded(int n, List<Path> synced) {
    Path path = synced.get(n);
    boolean isDirectory = !path.toString().endsWith(".qcow2") && !path.toString().endsWith(".tmp");
    return isDirectory && (path.startsWith(Fleet.HOME.home()) || synced.lastIndexOf(path) == n);
  }

  private static void assertFound(Way way, int n) {
    Exploration exploration =
        new Exploration(way, SyncLeftOut.of(n, new ArrayList<>()), STATES_WITHOUT_A_SYNC, 0);
    Throwable found = assertThrows(Throwable.class, exploration::run);
    assertTrue(
        found instanceof AssertionError || found instanceof BaseDiskException, found::toString);
  }

  // Kills and failures.

  private interface AtStep {
    void run(Way way, int step);
  }

  @TestFactory
  Stream<DynamicTest> a_kill_at_any_step_leaves_all_or_nothing() {
    return atEachStep(
        (way, step) -> {
          Fleet killed = stopped(way, step, new Killed()).afterKill();
          killed.useCases.recover();
          check(way, killed, expected(way));
        });
  }

  @TestFactory
  Stream<DynamicTest> a_step_that_fails_leaves_all_or_nothing() {
    return atEachStep(
        (way, step) -> {
          Fleet failed = stopped(way, step, new StorageException("input/output error"));
          failed.useCases.recover();
          check(way, failed, expected(way));
        });
  }

  @TestFactory
  Stream<DynamicTest> a_vm_on_a_disk_after_a_kill_loses_no_write() {
    return atEachStep(
        (way, step) -> {
          Fleet killed = stopped(way, step, new Killed()).afterKill();
          Path disk = new DiskTree(killed).disks.status(webOf(way)).isPresent() ? webOf(way) : null;
          if (disk == null) {
            return;
          }
          Map<String, Map<Long, String>> written = expected(way);
          written.computeIfAbsent("web", box -> Map.of());
          Map<Long, String> web = new TreeMap<>(written.get("web"));
          try (InMemoryImageLocks.Open vm = killed.imageLocks.startVm(disk)) {
            assertTrue(vm != null);
            killed.disks.guestWrites(disk, 9, "after the kill");
            web.put(9L, "after the kill");
            written.put("web", web);
            killed.useCases.recover();
          }
          killed.useCases.recover();
          check(way, killed, written);
        });
  }

  private static Path webOf(Way way) {
    return file((way == Way.LINKED_AND_COPIED ? "mnt/" : way.prefix) + "web.qcow2");
  }

  @Test
  void an_old_name_that_another_file_has_taken_stays_undecided() {
    Way way = Way.LINKED;
    Fleet killed = stoppedBefore(way, "remove").afterKill();
    killed.disks.makeDisk(webOf(way), 1 << 20);
    killed.useCases.recover();

    assertEquals(1, killed.store.read(view -> view.intents().list()).size());
    killed.disks.remove(webOf(way));
    killed.useCases.recover();
    check(way, killed, expected(way));
  }

  @Test
  void an_old_name_that_another_program_takes_during_the_roll_back_keeps_its_file() {
    Way way = Way.LINKED;
    Fleet killed = stoppedBefore(way, "remove").afterKill();
    AtomicBoolean isTaken = new AtomicBoolean();
    killed.beforeEachStep(
        step -> {
          boolean givesBack = step.startsWith("link") || step.startsWith("rename");
          if (givesBack && step.contains("web") && !isTaken.getAndSet(true)) {
            killed.disks.makeDisk(webOf(way), 1 << 20);
          }
        });
    killed.useCases.recover();
    killed.beforeEachStep(step -> {});

    assertTrue(isTaken.get());
    assertEquals(1, killed.store.read(view -> view.intents().list()).size());
    killed.disks.remove(webOf(way));
    killed.useCases.recover();
    check(way, killed, expected(way));
  }

  @Test
  void a_header_that_another_program_has_written_stays_undecided() {
    Way way = Way.LINKED;
    Fleet killed = stoppedBefore(way, "rename").afterKill();
    killed.disks.alterHeader(
        webOf(way),
        header ->
            new ImageHeader(
                3,
                header.virtualSize(),
                new BackingFile("elsewhere.qcow2", "qcow2"),
                false,
                false,
                0,
                0));
    killed.useCases.recover();

    assertEquals(1, killed.store.read(view -> view.intents().list()).size());
    assertEquals("elsewhere.qcow2", killed.disks.readHeader(webOf(way)).backing().name());
  }

  /** Returns a fleet whose process was killed before a step that begins with {@code prefix}. */
  private static Fleet stoppedBefore(Way way, String prefix) {
    Fleet fleet = way.tree().fleet;
    AtomicBoolean isDead = new AtomicBoolean();
    fleet.beforeEachStep(
        step -> {
          if (isDead.get() || step.startsWith(prefix)) {
            isDead.set(true);
            throw new Killed();
          }
        });
    assertThrows(Killed.class, () -> adopt(way, fleet));
    fleet.beforeEachStep(step -> {});
    return fleet;
  }

  private static Stream<DynamicTest> atEachStep(AtStep test) {
    return Stream.of(Way.values()).flatMap(way -> atEachStep(way, test));
  }

  private static Stream<DynamicTest> atEachStep(Way way, AtStep test) {
    AtomicInteger steps = new AtomicInteger();
    Fleet fleet = way.tree().fleet;
    fleet.beforeEachStep(step -> steps.incrementAndGet());
    adopt(way, fleet);
    return IntStream.range(0, steps.get())
        .mapToObj(
            step -> DynamicTest.dynamicTest(way + ", step " + step, () -> test.run(way, step)));
  }

  /**
   * Returns a fleet whose adoption was interrupted before step {@code stop}, counted from 0: by one
   * failure, or by a kill, after which its process takes no further step.
   */
  private static Fleet stopped(Way way, int stop, Throwable with) {
    Fleet fleet = way.tree().fleet;
    AtomicInteger steps = new AtomicInteger();
    fleet.beforeEachStep(
        step -> {
          int number = steps.getAndIncrement();
          if (with instanceof Killed && number >= stop) {
            // A new one: the code that handles the first adds the second to it.
            throw new Killed();
          } else if (with instanceof RuntimeException failure && number == stop) {
            throw failure;
          }
        });
    try {
      adopt(way, fleet);
    } catch (Killed | StorageException expected) {
      assertTrue(expected != null);
    }
    fleet.beforeEachStep(step -> {});
    return fleet;
  }
}
