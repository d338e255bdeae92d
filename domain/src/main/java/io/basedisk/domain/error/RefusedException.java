package io.basedisk.domain.error;

/** The operation is not possible now, because a box, disk or base is in use, busy or needed. */
public sealed class RefusedException extends BaseDiskException
    permits BusyException, HomeUnusableException, PartAwayException, UnseenOriginalException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   */
  public RefusedException(String message) {
    super(message, null);
  }

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   * @param cause the cause
   */
  public RefusedException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   * @param remedy what to do about it
   */
  public RefusedException(String message, Remedy remedy) {
    super(message, remedy, null);
  }

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   * @param remedy what to do about it
   * @param cause the cause
   */
  public RefusedException(String message, Remedy remedy, Throwable cause) {
    super(message, remedy, cause);
  }
}
