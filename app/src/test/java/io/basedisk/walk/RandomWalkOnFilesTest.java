package io.basedisk.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.testing.Repeats;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.domain.testing.walk.RandomWalk;
import io.basedisk.qcow2.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random operations in random order on a home on real files. Every invariant holds after each step,
 * all live data reads back, and at the end no file is left.
 *
 * <p>For more steps, or others:
 *
 * <pre>{@code
 * mvn verify -pl app -am -Dtest=RandomWalkOnFilesTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dbasedisk.steps=5000 -Dbasedisk.seed=1
 * }</pre>
 */
class RandomWalkOnFilesTest {

  private static final int DEFAULT_STEPS = 250;
  private static final int STEPS = Integer.getInteger("basedisk.steps", DEFAULT_STEPS);
  private static final int LOOKS_CLOSELY_EVERY = Repeats.of(25, 10);

  /** Depth at which the reference model stops its search for users of a base. */
  private static final int DEEP = 8;

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir private Path directory;

  @Test
  void whatever_is_done_every_invariant_holds_and_every_byte_reads_back() throws IOException {
    Path worlds = directory.toRealPath();
    RandomWalk.Tally tally =
        new RandomWalk(() -> RealWorld.in(worlds), LOOKS_CLOSELY_EVERY, Duration.ofSeconds(60))
            .walk(Seed.VALUE, STEPS);
    notes.add("random walk on files, %d steps, -Dbasedisk.seed=%d: %s", STEPS, Seed.VALUE, tally);
    if (STEPS >= DEFAULT_STEPS) {
      assertTrue(tally.deepestChain() > DEEP, "no long chains");
      assertEquals(Set.of(), tally.undone(), "never done");
    }
  }
}
