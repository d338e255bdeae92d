package io.basedisk.qcow2.os;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Locks of this file can't be taken or queried, because the file system or the operating system has
 * none.
 */
public final class LocksUnavailableException extends FileSystemException {

  private static final long serialVersionUID = 1L;

  LocksUnavailableException(Path path, String reason) {
    super(path.toString(), null, reason);
  }

  LocksUnavailableException(SystemCallException cause) {
    super(cause.getFile(), null, cause.getReason());
    initCause(cause);
  }
}
