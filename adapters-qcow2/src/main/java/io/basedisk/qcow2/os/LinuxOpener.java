package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileStatus;
import io.basedisk.qcow2.os.Descriptor.Access;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Predicate;

/** Opens paths, checks what is there, and turns the kernel's errors for that into Java's. */
final class LinuxOpener {

  private final SystemCalls calls;

  LinuxOpener(SystemCalls calls) {
    this.calls = calls;
  }

  /** Opens a path, as {@link Descriptor#open} does. */
  Descriptor open(Path path, Access access) throws IOException {
    return Descriptor.open(calls, path, access);
  }

  /** Creates a regular file that its owner alone may use, and opens it for writing. */
  Descriptor create(Path file) throws IOException {
    try {
      return open(file, Access.CREATE);
    } catch (SystemCallException e) {
      throw switch (e.errno()) {
        case LibC.EEXIST -> new FileAlreadyExistsException(file.toString());
        case LibC.ENOENT -> new NoSuchFileException(file.toString());
        default -> e;
      };
    }
  }

  /** Opens a regular file. */
  Descriptor openRegular(Path path, Access access) throws IOException {
    Descriptor descriptor = openExisting(path, access);
    statusOfRegularFile(path, descriptor);
    return descriptor;
  }

  /** Opens a path that must exist. */
  Descriptor openExisting(Path path, Access access) throws IOException {
    try {
      return open(path, access);
    } catch (SystemCallException e) {
      throw e.errno() == LibC.ENOENT ? new NoSuchFileException(path.toString()) : e;
    }
  }

  /**
   * {@return the status of a regular file} If the file is not a regular one, closes it and throws.
   */
  static FileStatus statusOfRegularFile(Path file, Descriptor descriptor) throws IOException {
    return status(file, descriptor, FileStatus::isRegularFile, "not a regular file");
  }

  /** {@return the same for a regular file or a block device} */
  static FileStatus statusOfFileOrDevice(Path file, Descriptor descriptor) throws IOException {
    return status(
        file,
        descriptor,
        status -> status.isRegularFile() || status.isBlockDevice(),
        "neither a regular file nor a block device");
  }

  private static FileStatus status(
      Path file, Descriptor descriptor, Predicate<FileStatus> expected, String otherwise)
      throws IOException {
    boolean matches = false;
    try {
      FileStatus status = descriptor.status();
      matches = expected.test(status);
      if (!matches) {
        throw new FileSystemException(file.toString(), null, otherwise);
      }
      return status;
    } finally {
      if (!matches) {
        descriptor.close();
      }
    }
  }
}
