package io.basedisk.crash;

import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight processes with several threads each work on one home at the same time, and fork and clone
 * each other's boxes. The test kills and restarts them all the time. At the end, the home must be
 * whole.
 *
 * <p>For a minute rather than twenty seconds:
 *
 * <pre>{@code
 * mvn verify -Pcrash -Dtest=ManyProcessesTest -Dbasedisk.seconds=60
 * }</pre>
 */
@Tag("exploration")
class ManyProcessesTest {

  private static final int SECONDS = Integer.getInteger("basedisk.seconds", 20);
  private static final int PROCESSES = 8;
  private static final int THREADS = 3;
  private static final int LONGEST_PAUSE_MILLIS = 500;

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir private Path directory;

  @Test
  void many_processes_and_kills_leave_a_whole_home() throws Exception {
    notes.add("%d s, -Dbasedisk.seed=%d", SECONDS, Seed.VALUE);
    Random random = new Random(Seed.VALUE);
    Children processes = Children.of(directory.toRealPath(), THREADS, random);
    Audit audit = processes.audit();
    List<Child> children = new ArrayList<>();
    int kills = 0;
    try {
      for (int i = 0; i < PROCESSES; i++) {
        children.add(started(processes, i));
      }
      for (Child child : children) {
        child.awaitWork();
      }
      Instant end = Instant.now().plus(Duration.ofSeconds(SECONDS));
      while (Instant.now().isBefore(end)) {
        Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
        int victim = random.nextInt(PROCESSES);
        if (children.get(victim).works()) {
          children.get(victim).kill();
          children.set(victim, started(processes, victim));
          kills++;
        }
      }
      for (Child child : children) {
        child.end();
      }
    } catch (IOException | RuntimeException failure) {
      // The error log of an actor explains the failure better.
      audit.failOnErrors();
      throw failure;
    } finally {
      children.forEach(Child::close);
    }
    audit.run();
    notes.add(
        "%d processes of %d threads, %d kills; %d steps done, %d refused or" + " undone",
        PROCESSES, THREADS, kills, audit.stepsDone(), audit.stepsFailed());
  }

  private static Child started(Children processes, int index) throws IOException {
    Child child = processes.start("p" + index);
    child.go();
    return child;
  }
}
