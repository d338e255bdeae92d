package io.basedisk.qcow2.os;

import com.sun.security.auth.module.UnixSystem;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.FileStatus;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What stands in for opening a path without following links, where Java is all that there is: a
 * path with a symbolic link on the way is an error, and a directory that another user can write to
 * is refused, as that user could put a link there between that question and the step.
 */
final class UnsharedPaths {

  private static final int OTHERS_WRITE = 0022;
  private static final int STICKY = 01000;
  private static final int ROOT = 0;

  private UnsharedPaths() {}

  /** How the status of a directory is asked for. */
  @FunctionalInterface
  interface Statuses {
    Optional<FileStatus> of(Path path) throws IOException;
  }

  /** Checks that there is no symbolic link on the way to a path. */
  static void requireDirect(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    for (int i = 1; i < absolute.getNameCount(); i++) {
      Path part = absolute.getRoot().resolve(absolute.subpath(0, i));
      if (Files.isSymbolicLink(part)) {
        throw new FileSystemException(
            path.toString(),
            null,
            part + " is a symbolic link; it was a directory when the path was recorded");
      }
    }
  }

  /** Checks that, and that no other user can write to the directory of a path. */
  static void require(Path path, Statuses statuses) throws IOException {
    requireDirect(path);
    Path directory = path.toAbsolutePath().getParent();
    if (directory != null && statuses.of(directory).filter(UnsharedPaths::isShared).isPresent()) {
      throw new RefusedException(
          directory
              + ": another user can write to this directory, and this system has no way to keep"
              + " that user from putting a link there",
          new Remedy.KeepOthersOut(directory));
    }
  }

  private static boolean isShared(FileStatus directory) {
    boolean othersWrite =
        (directory.mode() & OTHERS_WRITE) != 0 && (directory.mode() & STICKY) == 0;
    return othersWrite || (directory.owner() != ROOT && directory.owner() != Self.USER);
  }

  /** The user that this process runs as. */
  private static final class Self {
    static final int USER = (int) new UnixSystem().getUid();
  }
}
