package io.basedisk.domain.error;

/**
 * The thread was interrupted, which ended the operation before it was complete. Nothing is wrong
 * with its files, and the caller can try it again. The thread stays interrupted.
 */
public final class InterruptedOperationException extends BaseDiskException {

  private static final long serialVersionUID = 1L;

  public InterruptedOperationException(String message) {
    super(message, null);
  }

  public InterruptedOperationException(String message, Throwable cause) {
    super(message, cause);
  }
}
