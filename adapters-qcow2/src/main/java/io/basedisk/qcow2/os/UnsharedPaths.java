package io.basedisk.qcow2.os;

import com.sun.security.auth.module.UnixSystem;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.FileStatus;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Replacement, in pure Java, for opening a path without following links. A symbolic link in the
 * path is an error. A directory that another user can write to is refused: that user could put a
 * link there after the check.
 */
final class UnsharedPaths {

  private static final int OTHERS_WRITE = 0022;
  private static final int STICKY = 01000;
  private static final int ROOT = 0;

  private UnsharedPaths() {}

  /** Checks that no directory of a path is a symbolic link. */
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

  /** Checks the same, and that no other user can write to the directory of a path. */
  static void require(Path path) throws IOException {
    requireDirect(path);
    Path directory = path.toAbsolutePath().getParent();
    if (directory != null && UnixView.find(directory).filter(UnsharedPaths::isShared).isPresent()) {
      throw new RefusedException(
          directory
              + ": another user can write to this directory, and could redirect an operation to other"
              + " files",
          new Remedy.KeepOthersOut(directory));
    }
  }

  private static boolean isShared(FileStatus directory) {
    boolean othersWrite =
        (directory.mode() & OTHERS_WRITE) != 0 && (directory.mode() & STICKY) == 0;
    return othersWrite || (directory.owner() != ROOT && directory.owner() != Self.USER);
  }

  /** The user of this process. */
  private static final class Self {
    static final int USER = (int) new UnixSystem().getUid();
  }
}
