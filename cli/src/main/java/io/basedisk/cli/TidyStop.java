package io.basedisk.cli;

import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Lets a long command clean up when a signal such as Ctrl-C stops the program. A shutdown hook
 * interrupts the command's thread, and waits up to ten seconds until the thread closes this.
 */
final class TidyStop implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook;

  /** Interrupts the calling thread if the program is stopped before it closes this. */
  TidyStop() {
    Thread command = Thread.currentThread();
    this.hook =
        new Thread(
            () -> {
              command.interrupt();
              // The program ends now in either case.
              boolean unused = Uninterruptibles.awaitUninterruptibly(closed, TIMEOUT);
            },
            "basedisk-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The program is ending, and waited for this call.
    }
  }
}
