package io.basedisk.cli;

import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Lets a long command tidy up when the program is told to stop, by Ctrl-C say: its thread is
 * interrupted, and the program ends when it has closed this, or after a while.
 */
final class TidyStop implements AutoCloseable {

  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook;

  /** Watches over the calling thread until it closes this. */
  TidyStop() {
    Thread command = Thread.currentThread();
    this.hook =
        new Thread(
            () -> {
              command.interrupt();
              // Whatever comes of it, the program ends now.
              boolean unused = Uninterruptibles.awaitUninterruptibly(closed, LONGEST);
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
      // The program is ending, and has waited for this.
    }
  }
}
