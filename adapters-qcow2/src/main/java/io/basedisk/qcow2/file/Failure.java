package io.basedisk.qcow2.file;

import io.basedisk.domain.error.StorageException;
import io.basedisk.qcow2.os.OutOfSpace;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** How a failed step reads: what could not be done to which file, and why, on one line. */
public final class Failure {

  private Failure() {}

  /**
   * @param step what failed, with its files: {@code remove /a/b}
   */
  static StorageException of(String step, IOException cause) {
    return OutOfSpace.failure(line(step, reasonOf(cause)), cause);
  }

  static StorageException of(String step, String reason) {
    return new StorageException(line(step, reason));
  }

  static String line(String step, String reason) {
    return oneLine("cannot " + step + ": " + reason);
  }

  static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /** Returns why, without the file. */
  public static String reasonOf(IOException cause) {
    return OutOfSpace.reason(cause).orElseGet(() -> otherReasonOf(cause));
  }

  private static String otherReasonOf(IOException cause) {
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
