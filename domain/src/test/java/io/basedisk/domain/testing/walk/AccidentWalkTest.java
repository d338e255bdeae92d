package io.basedisk.domain.testing.walk;

import io.basedisk.domain.testing.Repeats;
import io.basedisk.domain.testing.TestNotes;
import java.time.Duration;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whatever accident happens to a home, in whatever order: no command loses a byte of what the
 * accident has spared, and the documented remedies end with a home in which nothing is wrong.
 *
 * <p>For more walks, and longer ones, or to see one again:
 *
 * <pre>{@code
 * mvn verify -pl domain -Dtest=AccidentWalkTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dbasedisk.seed=1 -Dbasedisk.walks=200 -Dbasedisk.steps=300
 * }</pre>
 */
@Tag("exploration")
final class AccidentWalkTest {

  private static final long SEED = Long.getLong("basedisk.seed", 20_261_127L);
  private static final int WALKS = Repeats.of("basedisk.walks", 20, 60);
  private static final int STEPS = Repeats.of("basedisk.steps", 100, 300);

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TestFactory
  Stream<DynamicTest> no_command_loses_what_an_accident_has_spared() {
    AccidentWalk walk = new AccidentWalk(FakeHome::make, 5, Duration.ofSeconds(20));
    return LongStream.range(SEED, SEED + WALKS)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> run(walk, seed)));
  }

  private void run(AccidentWalk walk, long seed) {
    notes.add(
        "accident walk, %d steps, -Dbasedisk.seed=%d: %s", STEPS, seed, walk.walk(seed, STEPS));
  }
}
