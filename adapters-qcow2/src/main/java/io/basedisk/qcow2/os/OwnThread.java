package io.basedisk.qcow2.os;

import static java.util.Objects.requireNonNull;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A thread for one step that an interrupt would break off.
 *
 * <p>If a thread is interrupted, Java closes its file channel and throws that instead of the step's
 * own error: a failed fsync would be lost, and a retry would succeed. Therefore the step runs in a
 * thread of its own, which is never interrupted. The caller's interrupt stays pending.
 */
final class OwnThread {

  /** A step with file operations. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  private OwnThread() {}

  /** Runs a step to its end, and passes its exception on. */
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
