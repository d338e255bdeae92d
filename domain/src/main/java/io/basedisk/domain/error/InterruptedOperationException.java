package io.basedisk.domain.error;

import java.util.function.Supplier;

/**
 * An interrupt of the thread ended the operation before it was complete. The files are undamaged,
 * and the caller can try again. The thread's interrupt status stays set.
 */
public final class InterruptedOperationException extends BaseDiskException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   */
  public InterruptedOperationException(String message) {
    super(message, null);
  }

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   * @param cause the cause
   */
  public InterruptedOperationException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Throws this exception if the calling thread is interrupted. Its interrupt status stays set.
   *
   * @param message what is interrupted, in one line; called only if the thread is interrupted
   * @throws InterruptedOperationException if the thread is interrupted
   */
  public static void throwIfInterrupted(Supplier<String> message) {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedOperationException(message.get());
    }
  }
}
