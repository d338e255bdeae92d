package io.basedisk.qcow2.os;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A system call on a file failed. */
final class SystemCallException extends FileSystemException {

  private static final long serialVersionUID = 1L;

  private final int errno;

  SystemCallException(Path path, int errno, String reason) {
    super(path.toString(), null, reason);
    this.errno = errno;
  }

  /** {@return the error number, one of the constants in {@link LibC}} */
  int errno() {
    return errno;
  }
}
