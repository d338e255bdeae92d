package io.basedisk.domain.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots.Mode;
import io.basedisk.domain.testing.BoundPorts;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import io.basedisk.domain.testing.InMemoryDisks;
import io.basedisk.domain.testing.Repeats;
import io.basedisk.domain.testing.TestNotes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
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
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An import that is interrupted at any step: by a power cut, in each state that it may leave, by a
 * kill, or by a failure. Afterwards the box is there with its content and its snapshots, or it is
 * not and a repeated import completes. An import before it, whose layers are used, is not harmed.
 */
@Tag("exploration")
final class TransferCrashTest {

  private static final int STATES_A_MOMENT = Repeats.of("basedisk.cuts", 8, 60);
  private static final int SECOND_CUTS_A_CUT = Repeats.of("basedisk.second-cuts", 1, 4);
  private static final int STATES_WITHOUT_A_SYNC = 12;
  private static final long SEED = Long.getLong("basedisk.seed", 20_261_127L);
  private static final Map<Long, String> CONTENT = Map.of(1L, "a", 2L, "b", 3L, "c");

  @RegisterExtension private final TestNotes notes = new TestNotes();

  /** Which layers are here. */
  private enum Way {
    ALL_MISSING,
    LOWER_HERE,
    ALL_HERE;

    /** Makes the exporting home and the place. */
    private Travel travel() {
      Travel travel = new Travel();
      travel.export();
      return travel;
    }

    /** Makes the importing home. */
    private Fleet target(Travel travel) {
      Fleet target = new Fleet();
      if (this == LOWER_HERE) {
        Travel.export(travel.source, "web", "one", Mode.FORK, travel.place.open("low"));
        target
            .useCases
            .transfers()
            .importBox(Fleet.box("low"), travel.place.open("low"), null, Progress.NONE);
      } else if (this == ALL_HERE) {
        travel.importTo(target, "before");
      }
      return target;
    }
  }

  private record Moment(String nextStep, InMemoryDisks disks, InMemoryBaseDiskStore store) {}

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  // What must be true.

  /** Checks that the import is complete or can be repeated, and returns whether it was complete. */
  private static boolean check(Travel travel, Fleet fleet) {
    fleet.check();
    boolean isThere =
        fleet.store.read(view -> view.boxes().list()).stream()
            .map(Box::id)
            .anyMatch(Fleet.box("copy")::equals);
    if (!isThere) {
      travel.importTo(fleet, "copy");
    }
    assertEquals(CONTENT, fleet.read("copy"));
    assertEquals(ImmutableList.of("one", "two"), Travel.snapshots(fleet, "copy"));
    fleet.check();
    fleet.useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
    assertTrue(fleet.store.read(view -> view.holds().list()).isEmpty());
    for (Box box : fleet.store.read(view -> view.boxes().list())) {
      assertEquals(
          box.id().equals(Fleet.box("low")) ? Map.of(1L, "a") : CONTENT,
          fleet.read(box.id().value()));
    }
    fleet.check();
    return isThere;
  }

  // Power cuts.

  private static final class Exploration {

    private final UnaryOperator<BoundPorts> change;
    private final int statesAMoment;
    private final int secondCutsACut;
    private final Way way;
    private final Travel travel;
    private final Random random = new Random(SEED);
    private long cuts;
    private long secondCuts;
    private long complete;

    Exploration(Way way, UnaryOperator<BoundPorts> change, int statesAMoment, int secondCutsACut) {
      this.way = way;
      this.travel = way.travel();
      this.change = change;
      this.statesAMoment = statesAMoment;
      this.secondCutsACut = secondCutsACut;
    }

    void run() {
      Fleet fleet = way.target(travel).with(change);
      List<Moment> moments = new ArrayList<>();
      fleet.beforeEachStep(
          step -> moments.add(new Moment(step, fleet.disks.copy(), fleet.store.copy())));
      travel.importTo(fleet, "copy");
      fleet.beforeEachStep(step -> {});
      moments.add(new Moment("the end", fleet.disks.copy(), fleet.store.copy()));
      for (Moment moment : moments) {
        boolean isLast = moment.nextStep().equals("the end");
        for (long state : states(moment)) {
          cuts++;
          try {
            boolean isComplete = cut(fleet.afterPowerCut(moment.disks(), moment.store(), state));
            complete += isComplete ? 1 : 0;
            assertTrue(isComplete || !isLast, "a complete import is lost");
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
        check(travel, again);
      }
      return check(travel, cut);
    }

    private long[] states(Moment moment) {
      long states = moment.disks().powerCutStates();
      return states <= statesAMoment
          ? IntStream.range(0, (int) states).asLongStream().toArray()
          : random.longs(statesAMoment, 0, states).toArray();
    }
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
                          "power cuts, import, %s: %d states, %d of them complete then, then %d in"
                              + " the recovery, seed %d",
                          way,
                          exploration.cuts,
                          exploration.complete,
                          exploration.secondCuts,
                          SEED);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> without_any_of_the_syncs_the_exploration_finds_a_loss() {
    List<Path> synced = new ArrayList<>();
    Travel travel = Way.ALL_MISSING.travel();
    travel.importTo(Way.ALL_MISSING.target(travel).with(withoutSync(-1, synced)), "copy");
    return IntStream.range(0, synced.size())
        .mapToObj(
            n ->
                DynamicTest.dynamicTest(
                    "without sync " + n + ", of " + synced.get(n), () -> assertFound(n)));
  }

  private static void assertFound(int n) {
    Exploration exploration =
        new Exploration(
            Way.ALL_MISSING, withoutSync(n, new ArrayList<>()), STATES_WITHOUT_A_SYNC, 0);
    Throwable found = assertThrows(Throwable.class, exploration::run);
    assertTrue(
        found instanceof AssertionError || found instanceof BaseDiskException, found::toString);
  }

  /**
   * Leaves out the {@code n}-th sync of one path.
   *
   * @param synced gets every path
   */
  private static UnaryOperator<BoundPorts> withoutSync(int n, List<Path> synced) {
    return ports ->
        ports.withFiles(
            DiskFiles.class.cast(
                Proxy.newProxyInstance(
                    TransferCrashTest.class.getClassLoader(),
                    new Class<?>[] {DiskFiles.class},
                    (proxy, method, arguments) -> {
                      if (method.getName().equals("sync")) {
                        pathsOf(arguments[0]).forEach(path -> sync(ports.files(), path, n, synced));
                        return null;
                      }
                      try {
                        return method.invoke(ports.files(), arguments);
                      } catch (InvocationTargetException e) {
                        throw e.getCause();
                      }
                    })));
  }

  private static List<Path> pathsOf(Object argument) {
    return argument instanceof List<?> list
        ? list.stream().map(Path.class::cast).toList()
        : List.of((Path) argument);
  }

  private static void sync(DiskFiles files, Path path, int n, List<Path> synced) {
    synced.add(path);
    if (synced.size() - 1 != n) {
      files.sync(path);
    }
  }

  // Kills and failures.

  private interface AtStep {
    void run(Way way, int step);
  }

  @TestFactory
  Stream<DynamicTest> a_kill_at_any_step_leaves_all_or_nothing() {
    return atEachStep(
        (way, step) -> {
          Travel travel = way.travel();
          Fleet killed = stopped(way, travel, step, new Killed()).afterKill();
          killed.useCases.recover();
          check(travel, killed);
        });
  }

  @TestFactory
  Stream<DynamicTest> a_step_that_fails_leaves_all_or_nothing() {
    return atEachStep(
        (way, step) -> {
          Travel travel = way.travel();
          Fleet failed = stopped(way, travel, step, new StorageException("input/output error"));
          failed.useCases.recover();
          check(travel, failed);
        });
  }

  private static Stream<DynamicTest> atEachStep(AtStep test) {
    return Stream.of(Way.values()).flatMap(way -> atEachStep(way, test));
  }

  private static Stream<DynamicTest> atEachStep(Way way, AtStep test) {
    AtomicInteger steps = new AtomicInteger();
    Travel travel = way.travel();
    Fleet fleet = way.target(travel);
    fleet.beforeEachStep(step -> steps.incrementAndGet());
    travel.importTo(fleet, "copy");
    return IntStream.range(0, steps.get())
        .mapToObj(
            step -> DynamicTest.dynamicTest(way + ", step " + step, () -> test.run(way, step)));
  }

  /**
   * Returns a fleet whose import was interrupted before step {@code stop}, counted from 0: by one
   * failure, or by a kill, after which its process takes no further step.
   */
  private static Fleet stopped(Way way, Travel travel, int stop, Throwable with) {
    Fleet fleet = way.target(travel);
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
      travel.importTo(fleet, "copy");
    } catch (Killed | StorageException expected) {
      assertTrue(expected != null);
    }
    fleet.beforeEachStep(step -> {});
    return fleet;
  }
}
