package io.basedisk.domain.error;

/** A disk image is not valid, or not safe to open. */
public sealed class InvalidImageException extends BaseDiskException
    permits BrokenChainException, UnallowedFileException, UnknownFormatException {

  private static final long serialVersionUID = 1L;

  public InvalidImageException(String message) {
    super(message, null);
  }

  public InvalidImageException(String message, Throwable cause) {
    super(message, cause);
  }

  public InvalidImageException(String message, Remedy remedy) {
    super(message, remedy, null);
  }
}
