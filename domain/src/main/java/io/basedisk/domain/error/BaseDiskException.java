package io.basedisk.domain.error;

import org.jspecify.annotations.Nullable;

/**
 * The root of every error that basedisk reports.
 *
 * <p>The permitted subclasses are the taxonomy that the command line turns into exit codes; an
 * embedder catches the one it can act on. A message says what failed and why, in one line, with the
 * file where there is one.
 */
public abstract sealed class BaseDiskException extends RuntimeException
    permits StorageException,
        InvalidArgumentException,
        RefusedException,
        NotFoundException,
        InvalidImageException,
        AlreadyExistsException,
        InterruptedOperationException {

  private static final long serialVersionUID = 1L;

  BaseDiskException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
