package io.basedisk.oci.blob;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.error.InterruptedOperationException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;

/** Turns the JDK's exceptions for file operations into errors of ours. */
public final class FileFailures {

  private FileFailures() {}

  /**
   * {@return the error for a failed file operation} An interrupt closes the JDK's channels: the
   * error says that it was one.
   *
   * @param what what failed: {@code cannot read}
   * @param file the file
   * @param cause the JDK's exception
   */
  public static BaseDiskException of(String what, Path file, IOException cause) {
    if (cause instanceof ClosedByInterruptException) {
      return new InterruptedOperationException(what + " " + file + ": it was interrupted", cause);
    }
    return FileFailure.of(what + " " + file + ": " + FileFailure.reasonOf(cause), cause);
  }
}
