package io.basedisk.domain.error;

import org.jspecify.annotations.Nullable;

/**
 * A file operation, the store or a registry failed: no space, no permission, an I/O error, a broken
 * database, a lost connection.
 */
public sealed class StorageException extends BaseDiskException
    permits HomePartMissingException, NoSpaceException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   */
  public StorageException(String message) {
    super(message, null);
  }

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   * @param cause the cause
   */
  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Creates an exception.
   *
   * @param message what failed and why, in one line
   * @param remedy what to do about it
   * @param cause the cause; null if there is none
   */
  public StorageException(String message, Remedy remedy, @Nullable Throwable cause) {
    super(message, remedy, cause);
  }
}
