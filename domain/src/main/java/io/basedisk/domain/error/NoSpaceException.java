package io.basedisk.domain.error;

/**
 * The file system or the user's quota has no space left. The operation left no partial files. It
 * can be repeated when there is space.
 */
public final class NoSpaceException extends StorageException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   * @param cause the cause
   */
  public NoSpaceException(String message, Throwable cause) {
    super(message, new Remedy.FreeSpace(), cause);
  }
}
