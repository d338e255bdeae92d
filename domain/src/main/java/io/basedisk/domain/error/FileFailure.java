package io.basedisk.domain.error;

import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a failed file operation reads, and which error it is: a lack of space (ENOSPC, or EDQUOT, a
 * quota that is used up) is a {@link NoSpaceException}.
 */
public final class FileFailure {

  private FileFailure() {}

  /**
   * Returns the error for a file operation that failed.
   *
   * @param message what failed and why, on one line
   * @param cause the exception of the JDK
   */
  public static StorageException of(String message, Exception cause) {
    return lackOfSpace(cause).isPresent()
        ? new NoSpaceException(message, cause)
        : new StorageException(message, cause);
  }

  /** Returns how the lack of space reads in a message; empty if something else is the reason. */
  public static Optional<String> lackOfSpace(Exception cause) {
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

  /** Returns why a file operation failed, without the file. */
  public static String reasonOf(Exception cause) {
    return lackOfSpace(cause).orElseGet(() -> otherReasonOf(cause));
  }

  private static String otherReasonOf(Exception cause) {
    // Java says why with the class alone in these cases, and its message is the file again.
    if (cause instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (cause instanceof FileAlreadyExistsException) {
      return "it exists already";
    }
    if (cause instanceof DirectoryNotEmptyException) {
      return "the directory is not empty";
    }
    if (cause instanceof AtomicMoveNotSupportedException) {
      return "it is on another file system";
    }
    @Nullable String reason =
        cause instanceof FileSystemException failure ? failure.getReason() : cause.getMessage();
    return reason == null ? cause.toString() : reason;
  }
}
