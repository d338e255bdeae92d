package io.basedisk.domain.testing.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

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

  private static final long SEED = Long.getLong("basedisk.seed", 20_261_122L);
  private static final int WALKS = Integer.getInteger("basedisk.walks", 8);
  private static final int STEPS = Integer.getInteger("basedisk.steps", 400);

  /** Where the reference stops to look for what needs a base. */
  private static final int DEEP = 8;

  @TestFactory
  Stream<DynamicTest> whatever_is_done_every_invariant_holds_and_every_byte_reads_back() {
    RandomWalk walk = new RandomWalk(FakeWorld::new, 1, Duration.ofSeconds(20));
    return LongStream.range(SEED, SEED + WALKS)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> run(walk, seed)));
  }

  private static void run(RandomWalk walk, long seed) {
    RandomWalk.Tally tally = walk.walk(seed, STEPS);
    System.out.printf("random walk, %d steps, -Dbasedisk.seed=%d: %s%n", STEPS, seed, tally);
    assertTrue(tally.deepestChain() > DEEP, "no long chains");
    assertEquals(
        Arrays.stream(Act.values()).map(Act::name).collect(Collectors.toSet()),
        tally.acts().keySet(),
        "what was done at all");
  }
}
