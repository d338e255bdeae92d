package io.basedisk.walk;

import io.basedisk.domain.testing.Repeats;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.domain.testing.walk.AccidentWalk;
import io.basedisk.qcow2.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Accidents of all kinds happen to a home on real files. No command loses data that the accident
 * spared, and the documented remedies repair the home completely.
 *
 * <p>For more and longer walks, or to repeat one:
 *
 * <pre>{@code
 * mvn verify -pl app -am -Dtest=AccidentWalkOnFilesTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dbasedisk.seed=1 -Dbasedisk.walks=20 -Dbasedisk.steps=300
 * }</pre>
 */
class AccidentWalkOnFilesTest {

  private static final int WALKS = Repeats.of("basedisk.walks", 2, 10);
  private static final int STEPS = Repeats.of("basedisk.steps", 60, 200);

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir private Path directory;

  @TestFactory
  Stream<DynamicTest> no_command_loses_what_an_accident_has_spared() throws IOException {
    Path worlds = directory.toRealPath();
    AccidentWalk walk =
        new AccidentWalk(() -> FragileRealWorld.in(worlds), 10, Duration.ofSeconds(60));
    return LongStream.range(Seed.VALUE, Seed.VALUE + WALKS)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> run(walk, seed)));
  }

  private void run(AccidentWalk walk, long seed) {
    notes.add(
        "accident walk on files, %d steps, -Dbasedisk.seed=%d: %s",
        STEPS, seed, walk.walk(seed, STEPS));
  }
}
