package io.basedisk.domain.adopt;

import static io.basedisk.domain.adopt.DiskTree.file;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.testing.BoundPorts;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryImageLocks;
import io.basedisk.domain.testing.Interruptible;
import io.basedisk.domain.testing.Interruptible.Killed;
import io.basedisk.domain.testing.PowerCuts;
import io.basedisk.domain.testing.Repeats;
import io.basedisk.domain.testing.SyncLeftOut;
import io.basedisk.domain.testing.TestNotes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ObjIntConsumer;
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

  /** An adoption in one way, and what each disk reads. */
  private record Adopting(Way way, Map<String, Map<Long, String>> expected)
      implements Interruptible {

    static Adopting in(Way way) {
      return new Adopting(way, AdoptionCrashTest.expected(way));
    }

    @Override
    public Fleet home() {
      return way.tree().fleet;
    }

    @Override
    public void perform(Fleet home) {
      adopt(way, home);
    }

    @Override
    public boolean check(Fleet home) {
      return AdoptionCrashTest.check(way, home, expected);
    }
  }

  private static PowerCuts cuts(
      Way way, UnaryOperator<BoundPorts> change, int states, int secondCuts) {
    return new PowerCuts(Adopting.in(way), change, states, secondCuts, SEED);
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
                      PowerCuts cuts =
                          cuts(way, UnaryOperator.identity(), STATES_A_MOMENT, SECOND_CUTS_A_CUT);
                      cuts.explore();
                      notes.add("power cuts, adopt, %s: %s", way, cuts);
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
    cuts(way, SyncLeftOut.of(n, new ArrayList<>()), STATES_WITHOUT_A_SYNC, 0).exploreUntilLoss();
  }

  // Kills and failures.

  @TestFactory
  Stream<DynamicTest> a_kill_at_any_step_leaves_all_or_nothing() {
    return atEachStep(
        (adopting, step) -> {
          Fleet killed = adopting.killedBefore(step);
          killed.useCases.recover();
          adopting.check(killed);
        });
  }

  @TestFactory
  Stream<DynamicTest> a_step_that_fails_leaves_all_or_nothing() {
    return atEachStep(
        (adopting, step) -> {
          Fleet failed = adopting.failedAt(step);
          failed.useCases.recover();
          adopting.check(failed);
        });
  }

  @TestFactory
  Stream<DynamicTest> a_vm_on_a_disk_after_a_kill_loses_no_write() {
    return atEachStep(
        (adopting, step) -> {
          Way way = adopting.way();
          Fleet killed = adopting.killedBefore(step);
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

  private static Stream<DynamicTest> atEachStep(ObjIntConsumer<Adopting> test) {
    return Stream.of(Way.values())
        .map(Adopting::in)
        .flatMap(
            adopting ->
                adopting.atEachStep(adopting.way() + ", ", step -> test.accept(adopting, step)));
  }
}
