package io.basedisk.domain.error;

/** A name, a size or another argument is not valid; nothing was looked at yet. */
public final class InvalidArgumentException extends BaseDiskException {

  private static final long serialVersionUID = 1L;

  public InvalidArgumentException(String message) {
    super(message, null);
  }

  public InvalidArgumentException(String message, Throwable cause) {
    super(message, cause);
  }
}
