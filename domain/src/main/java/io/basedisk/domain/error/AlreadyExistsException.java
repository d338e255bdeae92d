package io.basedisk.domain.error;

/** What was to be created exists already. */
public final class AlreadyExistsException extends BaseDiskException {

  private static final long serialVersionUID = 1L;

  public AlreadyExistsException(String message) {
    super(message, null);
  }

  public AlreadyExistsException(String message, Throwable cause) {
    super(message, cause);
  }
}
