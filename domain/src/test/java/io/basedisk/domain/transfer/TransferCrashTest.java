package io.basedisk.domain.transfer;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.testing.BoundPorts;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import io.basedisk.domain.testing.InMemoryDisks;
import io.basedisk.domain.testing.Repeats;
import io.basedisk.domain.testing.SyncLeftOut;
import io.basedisk.domain.testing.TestNotes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An import or an export that is interrupted at any step: by a power cut, in each state that it may
 * leave, by a kill, or by a failure. Afterwards an imported box is there with its content and its
 * snapshots, or it is not and a repeated import completes. An import before it, whose layers are
 * used, is not harmed. An exported box is as it was, a repeated export completes, and nothing is
 * kept for the first.
 */
@Tag("exploration")
final class TransferCrashTest {

  private static final int STATES_A_MOMENT = Repeats.of("basedisk.cuts", 8, 60);
  private static final int SECOND_CUTS_A_CUT = Repeats.of("basedisk.second-cuts", 1, 4);
  private static final int STATES_WITHOUT_A_SYNC = 12;
  private static final long SEED = Long.getLong("basedisk.seed", 20_261_127L);

  @RegisterExtension private final TestNotes notes = new TestNotes();

  private record Moment(String nextStep, InMemoryDisks disks, InMemoryBaseDiskStore store) {}

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  // Power cuts.

  private static final class Exploration {

    private final UnaryOperator<BoundPorts> change;
    private final int statesAMoment;
    private final int secondCutsACut;
    private final InterruptedTransfer way;
    private final Travel travel;
    private final Random random = new Random(SEED);
    private long cuts;
    private long secondCuts;
    private long complete;

    Exploration(
        InterruptedTransfer way,
        UnaryOperator<BoundPorts> change,
        int statesAMoment,
        int secondCutsACut) {
      this.way = way;
      this.travel = way.travel();
      this.change = change;
      this.statesAMoment = statesAMoment;
      this.secondCutsACut = secondCutsACut;
    }

    void run() {
      Fleet fleet = way.home(travel).with(change);
      List<Moment> moments = new ArrayList<>();
      fleet.beforeEachStep(
          step -> moments.add(new Moment(step, fleet.disks.copy(), fleet.store.copy())));
      way.perform(travel, fleet);
      fleet.beforeEachStep(step -> {});
      moments.add(new Moment("the end", fleet.disks.copy(), fleet.store.copy()));
      for (Moment moment : moments) {
        boolean isLast = moment.nextStep().equals("the end");
        for (long state : states(moment)) {
          cuts++;
          try {
            boolean isComplete = cut(fleet.afterPowerCut(moment.disks(), moment.store(), state));
            complete += isComplete ? 1 : 0;
            assertTrue(isComplete || !isLast, "a complete operation is lost");
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
        way.check(travel, again);
      }
      return way.check(travel, cut);
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
    return Stream.of(InterruptedTransfer.values())
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
                          "power cuts, %s: %d states, %d of them complete then, then %d in"
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
    Travel travel = InterruptedTransfer.ALL_MISSING.travel();
    travel.importTo(
        InterruptedTransfer.ALL_MISSING.home(travel).with(SyncLeftOut.of(-1, synced)), "copy");
    return IntStream.range(0, synced.size())
        .mapToObj(
            n ->
                DynamicTest.dynamicTest(
                    "without sync " + n + ", of " + synced.get(n), () -> assertFound(n)));
  }

  private static void assertFound(int n) {
    Exploration exploration =
        new Exploration(
            InterruptedTransfer.ALL_MISSING,
            SyncLeftOut.of(n, new ArrayList<>()),
            STATES_WITHOUT_A_SYNC,
            0);
    Throwable found = assertThrows(Throwable.class, exploration::run);
    assertTrue(
        found instanceof AssertionError || found instanceof BaseDiskException, found::toString);
  }

  // Kills and failures.

  private interface AtStep {
    void run(InterruptedTransfer way, int step);
  }

  @TestFactory
  Stream<DynamicTest> a_kill_at_any_step_leaves_all_or_nothing() {
    return atEachStep(
        (way, step) -> {
          Travel travel = way.travel();
          Fleet killed = stopped(way, travel, step, new Killed()).afterKill();
          killed.useCases.recover();
          way.check(travel, killed);
        });
  }

  @TestFactory
  Stream<DynamicTest> a_step_that_fails_leaves_all_or_nothing() {
    return atEachStep(
        (way, step) -> {
          Travel travel = way.travel();
          Fleet failed = stopped(way, travel, step, new StorageException("input/output error"));
          failed.useCases.recover();
          way.check(travel, failed);
        });
  }

  private static Stream<DynamicTest> atEachStep(AtStep test) {
    return Stream.of(InterruptedTransfer.values()).flatMap(way -> atEachStep(way, test));
  }

  private static Stream<DynamicTest> atEachStep(InterruptedTransfer way, AtStep test) {
    AtomicInteger steps = new AtomicInteger();
    Travel travel = way.travel();
    Fleet fleet = way.home(travel);
    fleet.beforeEachStep(step -> steps.incrementAndGet());
    travel.place.beforeEachStep(step -> steps.incrementAndGet());
    way.perform(travel, fleet);
    return IntStream.range(0, steps.get())
        .mapToObj(
            step -> DynamicTest.dynamicTest(way + ", step " + step, () -> test.run(way, step)));
  }

  /**
   * Returns a fleet whose operation was interrupted before step {@code stop}, counted from 0: by
   * one failure, or by a kill, after which its process takes no further step.
   */
  private static Fleet stopped(InterruptedTransfer way, Travel travel, int stop, Throwable with) {
    Fleet fleet = way.home(travel);
    AtomicInteger steps = new AtomicInteger();
    Consumer<String> stopping =
        step -> {
          int number = steps.getAndIncrement();
          if (with instanceof Killed && number >= stop) {
            // A new one: the code that handles the first adds the second to it.
            throw new Killed();
          } else if (with instanceof RuntimeException failure && number == stop) {
            throw failure;
          }
        };
    fleet.beforeEachStep(stopping);
    travel.place.beforeEachStep(stopping);
    try {
      way.perform(travel, fleet);
    } catch (Killed | StorageException expected) {
      assertTrue(expected != null);
    }
    fleet.beforeEachStep(step -> {});
    travel.place.beforeEachStep(step -> {});
    return fleet;
  }
}
