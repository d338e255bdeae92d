package io.basedisk.domain.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import org.junit.jupiter.api.function.ThrowingSupplier;

/** A bound on work that other programs can't use up: time of the processor, not of the clock. */
public final class ProcessorTime {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private ProcessorTime() {}

  /**
   * Runs {@code work}, and asserts that this thread took no more time of the processor for it than
   * {@code limit}. Choose a hundred times what the work takes.
   */
  public static <T> T assertAtMost(Duration limit, ThrowingSupplier<T> work) {
    long before = THREADS.getCurrentThreadCpuTime();
    T result = run(work);
    Duration taken = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - before);
    assertTrue(
        taken.compareTo(limit) <= 0, () -> "it took " + taken + " of the processor, not " + limit);
    return result;
  }

  private static <T> T run(ThrowingSupplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
