package io.basedisk.domain.error;

/** The box, snapshot, base or file that was named does not exist. */
public final class NotFoundException extends BaseDiskException {

  private static final long serialVersionUID = 1L;

  public NotFoundException(String message) {
    super(message, null);
  }

  public NotFoundException(String message, Throwable cause) {
    super(message, cause);
  }
}
