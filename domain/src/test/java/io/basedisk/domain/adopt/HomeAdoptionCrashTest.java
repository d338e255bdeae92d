package io.basedisk.domain.adopt;

import static io.basedisk.domain.adopt.BoxLiteTree.disk;
import static io.basedisk.domain.adopt.BoxLiteTree.file;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.testing.BoundPorts;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import io.basedisk.domain.testing.Interruptible;
import io.basedisk.domain.testing.PowerCuts;
import io.basedisk.domain.testing.Repeats;
import io.basedisk.domain.testing.SyncLeftOut;
import io.basedisk.domain.testing.TestNotes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An adoption of another home that is interrupted at any step: by a power cut, in each state that
 * it may leave, by a kill, or by a failure. Afterwards all of it is here, or nothing, and the other
 * home is as it was.
 */
@Tag("exploration")
final class HomeAdoptionCrashTest {

  private static final int STATES_A_MOMENT = Repeats.of("basedisk.cuts", 10, 60);
  private static final int SECOND_CUTS_A_CUT = Repeats.of("basedisk.second-cuts", 1, 4);
  private static final int STATES_WITHOUT_A_SYNC = 200;
  private static final long SEED = Long.getLong("basedisk.seed", 20_261_127L);

  @RegisterExtension private final TestNotes notes = new TestNotes();

  /** A home with a raw bottom, a snapshot on it, and two boxes. */
  private static BoxLiteTree tree() {
    return new BoxLiteTree()
        .raw("images/disk-images/sha256-1.ext4")
        .overlay("bases/snap0001.qcow2", "images/disk-images/sha256-1.ext4", "raw")
        .base("a", "clean", BaseDiskKind.SNAPSHOT, "bases/snap0001.qcow2")
        .overlay(disk("a"), "bases/snap0001.qcow2", "qcow2")
        .box("a", "web")
        .image(disk("b"))
        .box("b", "db");
  }

  /** What each box reads, and the files of the other home. */
  private record Expected(Map<String, Map<Long, String>> reads, Map<Path, String> foreign)
      implements Interruptible {

    static Expected make() {
      BoxLiteTree tree = tree();
      Map<String, Map<Long, String>> reads = new TreeMap<>();
      reads.put("web", tree.disks.guestReads(file(disk("a"))));
      reads.put("db", tree.disks.guestReads(file(disk("b"))));
      return new Expected(reads, BoxLiteTree.state(tree.disks));
    }

    @Override
    public Fleet home() {
      return tree().fleet;
    }

    @Override
    public void perform(Fleet home) {
      adopt(home);
    }

    /** Checks that everything was adopted, or nothing, and returns which. */
    @Override
    public boolean check(Fleet fleet) {
      fleet.check();
      assertEquals(List.of(), List.copyOf(intents(fleet)));
      assertEquals(foreign, BoxLiteTree.state(fleet.disks));
      Map<String, Map<Long, String>> found = new TreeMap<>();
      fleet.store.read(view -> view.boxes().list()).stream()
          .map(box -> box.id().value())
          .forEach(box -> found.put(box, fleet.read(box)));
      int bases = fleet.store.read(view -> view.bases().list(BaseFilter.ALL)).size();
      if (found.isEmpty()) {
        assertEquals(0, bases);
        assertEquals(Set.of(), fleet.files());
        return false;
      }
      assertEquals(reads, found);
      assertEquals(2, bases);
      return true;
    }
  }

  private static List<Intent> intents(Fleet fleet) {
    return fleet.store.read(view -> view.intents().list());
  }

  private static void adopt(Fleet fleet) {
    HomeAdoption adoption = fleet.useCases.homeAdoption();
    adoption.adopt(adoption.plan(BoxLiteTree.ROOT));
  }

  // Power cuts.

  private static PowerCuts cuts(UnaryOperator<BoundPorts> change, int states, int secondCuts) {
    return new PowerCuts(Expected.make(), change, states, secondCuts, SEED);
  }

  @Test
  void a_power_cut_at_any_step_and_again_in_the_recovery_leaves_all_or_nothing() {
    PowerCuts cuts = cuts(UnaryOperator.identity(), STATES_A_MOMENT, SECOND_CUTS_A_CUT);
    cuts.explore();
    notes.add("power cuts, adopt a home: %s", cuts);
  }

  @TestFactory
  Stream<DynamicTest> without_a_sync_that_is_needed_the_exploration_finds_a_loss() {
    List<Path> synced = new ArrayList<>();
    adopt(tree().fleet.with(SyncLeftOut.of(-1, synced)));
    return IntStream.range(0, synced.size())
        .filter(n -> !isMadeDurableLater(synced.get(n)))
        .mapToObj(
            n ->
                DynamicTest.dynamicTest(
                    "without sync " + n + ", of " + synced.get(n),
                    () ->
                        cuts(SyncLeftOut.of(n, new ArrayList<>()), STATES_WITHOUT_A_SYNC, 0)
                            .exploreUntilLoss()));
  }

  /** Returns whether a path is that of a base: the settled status makes its file durable too. */
  private static boolean isMadeDurableLater(Path path) {
    return Fleet.HOME.bases().equals(path.getParent());
  }

  // Kills and failures.

  @TestFactory
  Stream<DynamicTest> a_kill_at_any_step_leaves_all_or_nothing() {
    return atEachStep(Interruptible::killedBefore);
  }

  @TestFactory
  Stream<DynamicTest> a_step_that_fails_leaves_all_or_nothing() {
    return atEachStep(Interruptible::failedAt);
  }

  private static Stream<DynamicTest> atEachStep(BiFunction<Interruptible, Integer, Fleet> stopped) {
    Expected expected = Expected.make();
    return expected.atEachStep(
        "",
        step -> {
          Fleet fleet = stopped.apply(expected, step);
          fleet.useCases.recover();
          expected.check(fleet);
        });
  }

  // An older database brings back the intent of a complete adoption.

  /** Returns a home with a complete adoption whose intent an older database brings back. */
  private static Fleet withOldIntent() {
    BoxLiteTree tree = tree();
    AtomicReference<Intent> intent = new AtomicReference<>();
    tree.fleet.beforeEachStep(
        step -> intents(tree.fleet).forEach(standing -> intent.compareAndSet(null, standing)));
    tree.adopt();
    tree.fleet.beforeEachStep(step -> {});
    InMemoryBaseDiskStore older = new Fleet().store;
    older.change(tx -> tx.intents().insert(intent.get()));
    return new Fleet(tree.disks, older);
  }

  @Test
  void a_disk_that_was_written_to_is_not_removed() {
    Fleet fleet = withOldIntent();
    fleet.disks.guestWrites(Fleet.disk("web"), 9, "after the adoption");

    fleet.useCases.recover();

    assertEquals(1, intents(fleet).size());
    assertEquals("after the adoption", fleet.read("web").get(9L));
    assertTrue(fleet.disks.status(Fleet.disk("db")).isPresent());
  }

  @Test
  void a_base_that_another_disk_backs_onto_is_not_removed() {
    Fleet fleet = withOldIntent();
    Path base = Path.of(fleet.disks.readHeader(Fleet.disk("web")).backing().name());
    Path other = Fleet.disk("clone");
    fleet.disks.withDirectory(other.getParent());
    fleet.disks.createOverlay(other, base, ImageFormat.QCOW2, new ByteSize(1 << 20));
    fleet.disks.sync(other);
    fleet.disks.sync(other.getParent());

    fleet.useCases.recover();

    assertEquals(1, intents(fleet).size());
    assertTrue(fleet.disks.status(base).isPresent());
    assertTrue(fleet.disks.status(Fleet.disk("web")).isPresent());
  }

  @Test
  void a_file_that_was_added_to_a_box_is_not_removed() {
    Fleet fleet = withOldIntent();
    Path other = Fleet.guestRootfs("web");
    fleet.disks.makeDisk(other, 1 << 20);

    fleet.useCases.recover();

    assertEquals(1, intents(fleet).size());
    assertTrue(fleet.disks.status(other).isPresent());
    assertTrue(fleet.disks.status(Fleet.disk("web")).isPresent());
  }
}
