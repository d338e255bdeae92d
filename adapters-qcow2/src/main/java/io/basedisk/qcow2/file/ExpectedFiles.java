package io.basedisk.qcow2.file;

import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/** The status of paths that must name a file of an expected type. If one does not, it throws. */
final class ExpectedFiles {

  private final OperatingSystem system;

  ExpectedFiles(OperatingSystem system) {
    this.system = system;
  }

  /**
   * {@return the status of a regular file}
   *
   * @param step the step that needs it, for the message of a failure
   */
  FileStatus regularFile(String step, Path path) {
    return require(step, path, FileType.REGULAR_FILE::equals, "not a regular file");
  }

  /** {@return the status of a regular file or a directory} */
  FileStatus fileOrDirectory(String step, Path path) {
    return require(step, path, ExpectedFiles::isFileOrDirectory, "neither a file nor a directory");
  }

  private static boolean isFileOrDirectory(FileType type) {
    return type == FileType.REGULAR_FILE || type == FileType.DIRECTORY;
  }

  private FileStatus require(String step, Path path, Predicate<FileType> expected, String problem) {
    FileStatus status;
    try {
      status =
          system
              .directStatus(path)
              .orElseThrow(() -> Failure.of(step, path + ": no such file or directory"));
    } catch (IOException e) {
      throw Failure.of(step, e);
    }
    if (!expected.test(status.type())) {
      throw Failure.of(step, path + ": " + problem);
    }
    return status;
  }
}
