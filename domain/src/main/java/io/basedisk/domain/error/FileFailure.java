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
 * Turns the JDK's exceptions for file operations into errors and messages. A lack of space (ENOSPC,
 * or EDQUOT for a full quota) becomes a {@link NoSpaceException}.
 */
public final class FileFailure {

  private FileFailure() {}

  /**
   * {@return the error for a failed file operation}
   *
   * @param message what failed and why, on one line
   * @param cause the exception of the JDK
   */
  public static StorageException of(String message, Exception cause) {
    return lackOfSpace(cause).isPresent()
        ? new NoSpaceException(message, cause)
        : new StorageException(message, cause);
  }

  /**
   * {@return a message about a lack of space; empty if the exception has another reason}
   *
   * @param cause the JDK's exception
   */
  public static Optional<String> lackOfSpace(Exception cause) {
    // The JDK has no exception class for these errors, only the system's text.
    String text = cause instanceof FileSystemException e ? e.getReason() : cause.getMessage();
    String words = String.valueOf(text).toLowerCase(Locale.ROOT);
    if (words.contains("no space left")) {
      return Optional.of("no space left on the file system");
    }
    return words.contains("quota exceeded")
        ? Optional.of("no space left: the disk quota is used up")
        : Optional.empty();
  }

  /**
   * {@return the reason why a file operation failed, without the file's name}
   *
   * @param cause the JDK's exception
   */
  public static String reasonOf(Exception cause) {
    return lackOfSpace(cause).orElseGet(() -> otherReasonOf(cause));
  }

  private static String otherReasonOf(Exception cause) {
    // For these classes, the JDK's message is only the file's name.
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
