package io.basedisk.domain.error;

import org.jspecify.annotations.Nullable;

/**
 * A file operation or the store failed: no space, no permission, an I/O error, a broken database.
 */
public sealed class StorageException extends BaseDiskException
    permits HomePartMissingException, NoSpaceException {

  private static final long serialVersionUID = 1L;

  public StorageException(String message) {
    super(message, null);
  }

  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }

  StorageException(String message, Remedy remedy, @Nullable Throwable cause) {
    super(message, remedy, cause);
  }
}
