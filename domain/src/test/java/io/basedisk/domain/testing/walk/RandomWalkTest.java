package io.basedisk.domain.testing.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.testing.TestNotes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whatever is done to a home, in whatever order: every invariant holds after each step, every live
 * byte reads back, and in the end nothing is left.
 *
 * <p>For more walks, and longer ones, or to see one again:
 *
 * <pre>{@code
 * mvn verify -pl domain -Dtest=RandomWalkTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dbasedisk.seed=1 -Dbasedisk.walks=100 -Dbasedisk.steps=1000
 * }</pre>
 */
@Tag("exploration")
final class RandomWalkTest {

  private static final int DEFAULT_WALKS = 8;
  private static final int DEFAULT_STEPS = 400;
  private static final long SEED = Long.getLong("basedisk.seed", 20_261_122L);
  private static final int WALKS = Integer.getInteger("basedisk.walks", DEFAULT_WALKS);
  private static final int STEPS = Integer.getInteger("basedisk.steps", DEFAULT_STEPS);

  /** Where the reference stops to look for what needs a base. */
  private static final int DEEP = 8;

  @RegisterExtension private final TestNotes notes = new TestNotes();

  private final Set<String> undone = new TreeSet<>(namesOf(Act.values()));
  private final Set<String> unmade = new TreeSet<>(namesOf(Mistake.values()));

  private int deepestChain;

  @TestFactory
  Stream<DynamicTest> whatever_is_done_every_invariant_holds_and_every_byte_reads_back() {
    RandomWalk walk = new RandomWalk(FakeWorld::new, 1, Duration.ofSeconds(20));
    Stream<DynamicTest> walks =
        LongStream.range(SEED, SEED + WALKS)
            .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> run(walk, seed)));
    return WALKS * STEPS < DEFAULT_WALKS * DEFAULT_STEPS
        ? walks
        : Stream.concat(
            walks,
            Stream.of(DynamicTest.dynamicTest("all that there is was done", this::checkAllDone)));
  }

  private void run(RandomWalk walk, long seed) {
    RandomWalk.Tally tally = walk.walk(seed, STEPS);
    notes.add("random walk, %d steps, -Dbasedisk.seed=%d: %s", STEPS, seed, tally);
    undone.retainAll(tally.undone());
    unmade.retainAll(tally.unmade());
    deepestChain = Math.max(deepestChain, tally.deepestChain());
  }

  private void checkAllDone() {
    assertTrue(deepestChain > DEEP, "no long chains");
    assertEquals(Set.of(), undone, "never done");
    assertEquals(Set.of(), unmade, "mistakes that were never made");
  }

  private static List<String> namesOf(Enum<?>[] all) {
    return Arrays.stream(all).map(Enum::name).toList();
  }
}
