package io.basedisk.domain.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of every error that basedisk reports.
 *
 * <p>The permitted subclasses are the taxonomy that the command line turns into exit codes; an
 * embedder catches the one it can act on. A message says what failed and why, in one line, with the
 * file where there is one; {@link #remedy} says what can be done next.
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

  /** Serialization drops it: what it names is of this machine. */
  private final transient @Nullable Remedy remedy;

  BaseDiskException(String message, @Nullable Throwable cause) {
    this(message, null, cause);
  }

  BaseDiskException(String message, @Nullable Remedy remedy, @Nullable Throwable cause) {
    super(message, cause);
    this.remedy = remedy;
  }

  /** Returns what can be done about it; empty if the message says all. */
  public final Optional<Remedy> remedy() {
    return Optional.ofNullable(remedy);
  }
}
