package io.basedisk.domain.error;

import org.jspecify.annotations.Nullable;

/**
 * A file operation or the store failed: no space, no permission, an I/O error, a broken database.
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

  StorageException(String message, Remedy remedy, @Nullable Throwable cause) {
    super(message, remedy, cause);
  }
}
