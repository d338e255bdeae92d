package io.basedisk.domain.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.StorageException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** An operation that a test interrupts at each of its steps. */
public interface Interruptible {

  /** Returns a new home on which the operation is not performed yet. */
  Fleet home();

  /** Performs the operation. */
  void perform(Fleet home);

  /** Checks a home after its recovery, and returns whether the operation is complete there. */
  boolean check(Fleet home);

  /** Calls an action before each step of the operation; it may throw in its place. */
  default void beforeEachStep(Fleet home, Consumer<String> action) {
    home.beforeEachStep(action);
  }

  /** Ends a process. */
  final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Returns a test for each step. */
  default Stream<DynamicTest> atEachStep(String name, IntConsumer test) {
    AtomicInteger steps = new AtomicInteger();
    Fleet home = home();
    beforeEachStep(home, step -> steps.incrementAndGet());
    perform(home);
    beforeEachStep(home, step -> {});
    return IntStream.range(0, steps.get())
        .mapToObj(step -> DynamicTest.dynamicTest(name + "step " + step, () -> test.accept(step)));
  }

  /**
   * Returns the home in the process that is started after the operation's was killed before a step.
   *
   * @param stop number of the step, from 0
   */
  default Fleet killedBefore(int stop) {
    AtomicInteger steps = new AtomicInteger();
    return stopped(
            step -> {
              if (steps.getAndIncrement() >= stop) {
                // A new one: the code that handles the first adds the second to it.
                throw new Killed();
              }
            })
        .afterKill();
  }

  /**
   * Returns the home after one step failed.
   *
   * @param failing number of the step, from 0
   */
  default Fleet failedAt(int failing) {
    AtomicInteger steps = new AtomicInteger();
    return stopped(
        step -> {
          if (steps.getAndIncrement() == failing) {
            throw new StorageException("input/output error");
          }
        });
  }

  private Fleet stopped(Consumer<String> stopping) {
    Fleet home = home();
    beforeEachStep(home, stopping);
    try {
      perform(home);
    } catch (Killed | StorageException expected) {
      assertTrue(expected != null);
    }
    beforeEachStep(home, step -> {});
    return home;
  }
}
