package io.basedisk.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight processes of several threads each work on one home at once, fork and clone each other's
 * boxes, and are killed and started again all the time. At the end the home must be whole.
 *
 * <p>For a minute rather than twenty seconds:
 *
 * <pre>{@code
 * mvn verify -pl app -am -Dtest=ManyProcessesTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dbasedisk.seconds=60
 * }</pre>
 */
@Tag("exploration")
class ManyProcessesTest {

  private static final int SECONDS = Integer.getInteger("basedisk.seconds", 20);
  private static final int PROCESSES = 8;
  private static final int THREADS = 3;
  private static final int LONGEST_PAUSE_MILLIS = 500;

  @TempDir private Path directory;

  @Test
  void many_processes_and_kills_leave_a_whole_home() throws Exception {
    long seed = Long.getLong("basedisk.seed", System.nanoTime());
    System.out.println("ManyProcessesTest: " + SECONDS + " s, -Dbasedisk.seed=" + seed);
    Random random = new Random(seed);
    Path logs = Files.createDirectory(directory.toRealPath().resolve("logs"));
    Path home = directory.toRealPath().resolve("home");
    List<Child> children = new ArrayList<>();
    int kills = 0;
    try {
      for (int i = 0; i < PROCESSES; i++) {
        Child child = Child.start(home, logs, "p" + i, THREADS, random.nextLong());
        children.add(child);
        child.goWhenReady();
      }
      while (!children.get(0).isRunning()) {
        Thread.sleep(10);
      }
      Instant end = Instant.now().plus(Duration.ofSeconds(SECONDS));
      while (Instant.now().isBefore(end)) {
        Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
        int victim = random.nextInt(PROCESSES);
        if (children.get(victim).isRunning()) {
          replace(children, victim, home, logs, random);
          kills++;
        }
      }
      for (Child child : children) {
        child.end();
      }
    } catch (IOException | RuntimeException failure) {
      // What an actor says explains it better.
      new Audit(home, logs).failOnErrors();
      throw failure;
    } finally {
      children.forEach(Child::close);
    }
    Audit audit = new Audit(home, logs);
    audit.run();
    System.out.printf(
        "ManyProcessesTest: %d processes of %d threads, %d kills; %d steps done, %d refused or"
            + " undone%n",
        PROCESSES, THREADS, kills, audit.stepsDone(), audit.stepsFailed());
  }

  private static void replace(List<Child> children, int index, Path home, Path logs, Random random)
      throws IOException, InterruptedException {
    try (Child victim = children.get(index)) {
      victim.kill();
    }
    Child successor = Child.start(home, logs, "p" + index, THREADS, random.nextLong());
    children.set(index, successor);
    successor.goWhenReady();
  }
}
