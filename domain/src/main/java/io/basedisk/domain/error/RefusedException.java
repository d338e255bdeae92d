package io.basedisk.domain.error;

/** The operation is not possible now: its object is in use, busy or depended on. */
public sealed class RefusedException extends BaseDiskException
    permits BusyException, HomeUnusableException, PartAwayException, UnseenOriginalException {

  private static final long serialVersionUID = 1L;

  public RefusedException(String message) {
    super(message, null);
  }

  public RefusedException(String message, Throwable cause) {
    super(message, cause);
  }

  public RefusedException(String message, Remedy remedy) {
    super(message, remedy, null);
  }
}
