package io.basedisk.qcow2.os;

import static java.util.Objects.requireNonNull;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A thread for one step that an interrupt would break.
 *
 * <p>Java closes a file channel whose thread is interrupted, and throws that news in place of the
 * step's own error: a failed fsync would go unseen, and succeed when it is tried again. So the step
 * runs where nobody can interrupt it, and the caller's interrupt stays pending.
 */
final class OwnThread {

  /** What is to be done. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  private OwnThread() {}

  /** Runs a step to its end, and throws what it throws. */
  static void run(Step step) throws IOException {
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              step.run();
              return true;
            });
    new Thread(task, "basedisk-file-step").start();
    try {
      Uninterruptibles.getUninterruptibly(task);
    } catch (ExecutionException e) {
      Throwable cause = requireNonNull(e.getCause());
      Throwables.throwIfInstanceOf(cause, IOException.class);
      Throwables.throwIfUnchecked(cause);
      throw new IOException(cause);
    }
  }
}
