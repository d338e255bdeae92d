package io.basedisk.domain.error;

/** A name, size or other argument is invalid. No file or record was read or changed. */
public final class InvalidArgumentException extends BaseDiskException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   */
  public InvalidArgumentException(String message) {
    super(message, null);
  }

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   * @param cause the cause
   */
  public InvalidArgumentException(String message, Throwable cause) {
    super(message, cause);
  }
}
