package io.basedisk.domain.error;

/** A disk image is invalid or unsafe to open. */
public sealed class InvalidImageException extends BaseDiskException
    permits BrokenChainException, UnallowedFileException, UnknownFormatException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   */
  public InvalidImageException(String message) {
    super(message, null);
  }

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   * @param cause the cause
   */
  public InvalidImageException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   * @param remedy what to do about it
   */
  public InvalidImageException(String message, Remedy remedy) {
    super(message, remedy, null);
  }
}
