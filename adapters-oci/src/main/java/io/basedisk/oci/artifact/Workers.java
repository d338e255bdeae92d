package io.basedisk.oci.artifact;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InterruptedOperationException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads of one operation. They have ended when {@link #close} returns. */
final class Workers implements AutoCloseable {

  private final ExecutorService executor;

  Workers(String name, int threads) {
    this.executor =
        Executors.newFixedThreadPool(
            threads,
            new ThreadFactoryBuilder()
                .setNameFormat("basedisk-" + name + "-%d")
                .setDaemon(true)
                .build());
  }

  <T> Future<T> submit(Callable<T> task) {
    return executor.submit(task);
  }

  Future<?> run(Runnable task) {
    return executor.submit(task);
  }

  /** Drops the tasks that have not begun, and waits for the others. */
  @Override
  public void close() {
    executor.shutdown();
    Uninterruptibles.awaitTerminationUninterruptibly(executor);
  }

  /** Interrupts the tasks, which may wait for another machine, and waits for them. */
  void interrupt() {
    executor.shutdownNow();
    Uninterruptibles.awaitTerminationUninterruptibly(executor);
  }

  /**
   * Waits for the result of a task, and throws what it threw.
   *
   * @throws InterruptedOperationException if this thread is interrupted; its interrupt stays
   *     pending
   */
  @CanIgnoreReturnValue
  static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BaseDiskException ours) {
        throw ours;
      }
      throw new IllegalStateException("a thread failed", e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  static InterruptedOperationException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new InterruptedOperationException("the transfer of a layer was interrupted", cause);
  }
}
