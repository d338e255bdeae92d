package io.basedisk.domain.error;

/**
 * The file system, or the quota of its user, has no space left. What failed left nothing of itself,
 * and may succeed once there is space again.
 */
public final class NoSpaceException extends StorageException {

  private static final long serialVersionUID = 1L;

  public NoSpaceException(String message, Throwable cause) {
    super(message, new Remedy.FreeSpace(), cause);
  }
}
