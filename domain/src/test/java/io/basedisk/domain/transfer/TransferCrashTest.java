package io.basedisk.domain.transfer;

import io.basedisk.domain.testing.BoundPorts;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.Interruptible;
import io.basedisk.domain.testing.PowerCuts;
import io.basedisk.domain.testing.Repeats;
import io.basedisk.domain.testing.SyncLeftOut;
import io.basedisk.domain.testing.TestNotes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
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

  private static PowerCuts cuts(
      InterruptedTransfer way, UnaryOperator<BoundPorts> change, int states, int secondCuts) {
    return new PowerCuts(way.interruptible(), change, states, secondCuts, SEED);
  }

  @TestFactory
  Stream<DynamicTest> a_power_cut_at_any_step_and_again_in_the_recovery_loses_nothing() {
    return Stream.of(InterruptedTransfer.values())
        .map(
            way ->
                DynamicTest.dynamicTest(
                    way.name(),
                    () -> {
                      PowerCuts cuts =
                          cuts(way, UnaryOperator.identity(), STATES_A_MOMENT, SECOND_CUTS_A_CUT);
                      cuts.explore();
                      notes.add("power cuts, %s: %s", way, cuts);
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
    cuts(
            InterruptedTransfer.ALL_MISSING,
            SyncLeftOut.of(n, new ArrayList<>()),
            STATES_WITHOUT_A_SYNC,
            0)
        .exploreUntilLoss();
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
    return Stream.of(InterruptedTransfer.values())
        .flatMap(
            way ->
                way.interruptible()
                    .atEachStep(
                        way + ", ",
                        step -> {
                          Interruptible operation = way.interruptible();
                          Fleet fleet = stopped.apply(operation, step);
                          fleet.useCases.recover();
                          operation.check(fleet);
                        }));
  }
}
