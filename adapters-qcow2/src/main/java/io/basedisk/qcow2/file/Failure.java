package io.basedisk.qcow2.file;

import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.error.StorageException;
import java.io.IOException;

/** Messages for failed steps, on one line: the step, its file, and the reason. */
public final class Failure {

  private Failure() {}

  /**
   * @param step the failed step with its files: {@code remove /a/b}
   */
  static StorageException of(String step, IOException cause) {
    return FileFailure.of(line(step, FileFailure.reasonOf(cause)), cause);
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
}
