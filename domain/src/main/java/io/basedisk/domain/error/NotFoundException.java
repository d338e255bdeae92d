package io.basedisk.domain.error;

/** A home, box, snapshot, base or file does not exist. */
public sealed class NotFoundException extends BaseDiskException permits NoHomeException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   */
  public NotFoundException(String message) {
    super(message, null);
  }

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   * @param cause the cause
   */
  public NotFoundException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   * @param remedy what to do about it
   */
  public NotFoundException(String message, Remedy remedy) {
    super(message, remedy, null);
  }

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   * @param remedy what to do about it
   * @param cause the cause
   */
  public NotFoundException(String message, Remedy remedy, Throwable cause) {
    super(message, remedy, cause);
  }
}
