package io.basedisk.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that works on a home is killed, again and again, each time at a random moment, the
 * recovery from the kill before included; and each time the home must then be whole.
 *
 * <p>The number of kills and the seed of the moments are system properties. For two thousand, which
 * take about half an hour:
 *
 * <pre>{@code
 * mvn verify -pl app -am -Dtest=KillTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dbasedisk.kills=2000
 * }</pre>
 */
@Tag("exploration")
class KillTest {

  private static final int KILLS = Integer.getInteger("basedisk.kills", 100);
  private static final int THREADS = 2;
  private static final int LONGEST_LIFE_MILLIS = 600;

  @TempDir private Path directory;

  @Test
  void no_kill_costs_a_disk() throws Exception {
    long seed = Long.getLong("basedisk.seed", System.nanoTime());
    System.out.println("KillTest: " + KILLS + " kills, -Dbasedisk.seed=" + seed);
    Random random = new Random(seed);
    Path logs = Files.createDirectory(directory.toRealPath().resolve("logs"));
    Path home = directory.toRealPath().resolve("home");
    Audit audit = new Audit(home, logs);
    // The next one loads its classes while this one is killed and looked after.
    Child next = child(home, logs, random);
    for (int i = 0; i < KILLS; i++) {
      try (Child child = next) {
        next = child(home, logs, random);
        child.go();
        Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
        child.kill();
      }
      try {
        audit.run();
      } catch (Throwable failure) {
        next.close();
        throw new AssertionError("after kill " + (i + 1) + ", seed " + seed, failure);
      }
    }
    next.close();
    System.out.printf(
        "KillTest: %d kills, %d of them in an operation, %d with an intent or a deletion left;"
            + " %d steps done, %d refused or undone%n",
        KILLS,
        audit.killsMidOperation(),
        audit.intentsFound(),
        audit.stepsDone(),
        audit.stepsFailed());
    assertTrue(audit.killsMidOperation() >= KILLS / 10, "most kills came between operations");
  }

  private static Child child(Path home, Path logs, Random random) {
    return Child.start(home, logs, "worker", THREADS, random.nextLong());
  }
}
