package io.basedisk.domain.error;

/** The file, box, snapshot or other object to create already exists. */
public final class AlreadyExistsException extends BaseDiskException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   */
  public AlreadyExistsException(String message) {
    super(message, null);
  }

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   * @param cause the cause
   */
  public AlreadyExistsException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   * @param remedy what to do about it
   */
  public AlreadyExistsException(String message, Remedy remedy) {
    super(message, remedy, null);
  }

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   * @param remedy what to do about it
   * @param cause the cause
   */
  public AlreadyExistsException(String message, Remedy remedy, Throwable cause) {
    super(message, remedy, cause);
  }
}
