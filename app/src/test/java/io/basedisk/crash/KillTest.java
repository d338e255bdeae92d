package io.basedisk.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that works on a home at a random moment, many times. If a kill leaves an
 * operation incomplete, the test often kills the next process too, during its recovery. After each
 * kill, the home must be whole.
 *
 * <p>The number of kills and the seed of the moments are system properties. For two thousand, which
 * take about half an hour:
 *
 * <pre>{@code
 * mvn verify -Pcrash -Dtest=KillTest -Dbasedisk.kills=2000
 * }</pre>
 */
@Tag("exploration")
class KillTest {

  private static final int KILLS = Integer.getInteger("basedisk.kills", 100);
  private static final int THREADS = 2;
  private static final int LONGEST_LIFE_MILLIS = 400;

  /** A recovery seldom takes longer. A kill after it hits the first steps. */
  private static final int LONGEST_RECOVERY_MILLIS = 200;

  private static final int LONGEST_MAKING_MILLIS = 600;
  private static final int HOMES = Math.max(1, KILLS / 10);

  /** One in so many recoveries is not killed. */
  private static final int RECOVERIES_TO_KILL_BUT_ONE = 4;

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir private Path directory;

  private final Random random = new Random(Seed.VALUE);

  @Test
  void no_kill_costs_a_disk() throws Exception {
    notes.add("%d kills, -Dbasedisk.seed=%d", KILLS, Seed.VALUE);
    Children children = Children.of(directory.toRealPath(), THREADS, random);
    Audit audit = children.audit();
    int workers = 0;
    int openers = 0;
    // The next process loads its classes while this one works, is killed and is audited.
    try (Spares spares = new Spares(children)) {
      while (workers + openers < KILLS) {
        killWorker(spares.next());
        audit.countKillOfWorker();
        workers++;
        if (audit.isWorkLeft()
            && random.nextInt(RECOVERIES_TO_KILL_BUT_ONE) > 0
            && workers + openers < KILLS) {
          killOpener(spares.next(), LONGEST_RECOVERY_MILLIS);
          audit.countKillOfOpener();
          openers++;
        }
        audit.run();
      }
    } catch (RuntimeException failure) {
      // The error log of an actor explains the failure better.
      audit.failOnErrors();
      throw failure;
    } catch (AssertionError failure) {
      throw new AssertionError("after kill " + (workers + openers), failure);
    }
    notes.add(
        "%d kills: %d of processes at work, %d of them in an operation, and %d of these"
            + " with an intent or a deletion left; %d of processes that then opened the home, %d of"
            + " them before its recovery was complete; %d steps done, %d refused or undone",
        workers + openers,
        workers,
        audit.killsMidOperation(),
        audit.workFound(),
        openers,
        audit.killsInRecovery(),
        audit.stepsDone(),
        audit.stepsFailed());
    assertTrue(audit.killsMidOperation() * 3 >= workers, "most kills came between operations");
  }

  @Test
  void a_home_can_be_used_if_who_made_it_was_killed() throws Exception {
    notes.add("%d homes, -Dbasedisk.seed=%d", HOMES, Seed.VALUE);
    Children children = Children.of(directory.toRealPath(), THREADS, random);
    int unmade = 0;
    for (int i = 0; i < HOMES; i++) {
      Path home = directory.toRealPath().resolve("home-" + i);
      try (Child child = children.start("maker", home)) {
        unmade += killOpener(child, LONGEST_MAKING_MILLIS) ? 1 : 0;
      }
      try (OpenHome open = OpenHome.open(home)) {
        Sample.make(open, "box").check(open, Operation.SNAPSHOT);
        Audit.checkWhole(open);
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("home " + i, failure);
      }
    }
    notes.add("%d homes, %d of them not made by then", HOMES, unmade);
  }

  private void killWorker(Child child) throws IOException, InterruptedException {
    child.go();
    child.awaitWork();
    Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
    child.kill();
  }

  /** Returns whether the kill came before the process had opened the home. */
  private boolean killOpener(Child child, int longestMillis)
      throws IOException, InterruptedException {
    child.awaitReady();
    child.go();
    Thread.sleep(random.nextInt(longestMillis));
    boolean opens = !child.hasOpened();
    child.kill();
    return opens;
  }
}
