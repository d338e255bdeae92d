package io.basedisk.qcow2.os;

import io.basedisk.domain.error.NoSpaceException;
import io.basedisk.domain.error.StorageException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a file operation failed for lack of space: ENOSPC, or EDQUOT, a quota that is used up.
 */
public final class OutOfSpace {

  private OutOfSpace() {}

  /** Returns the error for a file operation that failed, with that message. */
  public static StorageException failure(String message, IOException cause) {
    return reason(cause).isPresent()
        ? new NoSpaceException(message, cause)
        : new StorageException(message, cause);
  }

  /** Returns how the lack of space reads in a message; empty if something else is the reason. */
  public static Optional<String> reason(IOException cause) {
    // Java tells these errors apart by the system's words alone.
    String text = cause instanceof FileSystemException e ? e.getReason() : cause.getMessage();
    String words = String.valueOf(text).toLowerCase(Locale.ROOT);
    if (words.contains("no space left")) {
      return Optional.of("no space left on the file system");
    }
    return words.contains("quota exceeded")
        ? Optional.of("no space left: the disk quota is used up")
        : Optional.empty();
  }
}
