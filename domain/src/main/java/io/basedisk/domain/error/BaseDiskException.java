package io.basedisk.domain.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The superclass of all errors that basedisk reports.
 *
 * <p>The permitted subclasses are the kinds of errors. The command line gives each kind an exit
 * code; an embedder catches the kinds that it can handle. A message says in one line what failed
 * and why, with the name of the file; {@link #remedy} says what to do next.
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

  /** Not serialized, because its paths belong to this machine. */
  private final transient @Nullable Remedy remedy;

  BaseDiskException(String message, @Nullable Throwable cause) {
    this(message, null, cause);
  }

  BaseDiskException(String message, @Nullable Remedy remedy, @Nullable Throwable cause) {
    super(message, cause);
    this.remedy = remedy;
  }

  /** {@return what to do about the error; empty if the message is enough} */
  public final Optional<Remedy> remedy() {
    return Optional.ofNullable(remedy);
  }
}
