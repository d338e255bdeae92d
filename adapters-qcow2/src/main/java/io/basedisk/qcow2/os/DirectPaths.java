package io.basedisk.qcow2.os;

import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens paths without symbolic links: a link anywhere in a path is an error. Therefore a user who
 * owns a directory in the path can't redirect it.
 *
 * <p>Since Linux 5.6, one call resolves a path in this way. On an older kernel, or if a sandbox
 * refuses the call, this opens the directories one by one.
 */
final class DirectPaths {

  /** Flag of open(2). Its value depends on the architecture, like the next one's. */
  static final int O_NOFOLLOW = Platform.isARM() ? 0100000 : 0400000;

  private static final int O_DIRECTORY = Platform.isARM() ? 040000 : 0200000;

  /** Flags of open(2) for a directory in the middle of a path. */
  static final int DIRECTORY = LibC.O_PATH | O_DIRECTORY | O_NOFOLLOW | LibC.O_CLOEXEC;

  private static final int STRUCT_OPEN_HOW_LENGTH = 24;

  private final SystemCalls calls;
  private volatile boolean isWalking;

  DirectPaths(SystemCalls calls) {
    this.calls = calls;
  }

  /**
   * Opens a path, and returns the number of the descriptor.
   *
   * @param flags flags of open(2), which must include {@code O_NOFOLLOW}
   * @param mode permission bits of a new file; 0 without {@code O_CREAT}
   */
  int open(Path path, int flags, int mode) throws IOException {
    try {
      if (!isWalking) {
        try {
          return openAtOnce(path, flags, mode);
        } catch (SystemCallException e) {
          if (e.errno() == LibC.ENOSYS) {
            isWalking = true;
          } else if (e.errno() != LibC.EPERM) { // May come from a sandbox: retry by walking.
            throw e;
          }
        }
      }
      return walk(path, flags, mode);
    } catch (SystemCallException e) {
      throw e.errno() == LibC.ELOOP || e.errno() == LibC.ENOTDIR
          ? withLink(path, (flags & O_DIRECTORY) != 0, e)
          : e;
    }
  }

  private int openAtOnce(Path path, int flags, int mode) throws IOException {
    byte[] name = SystemCalls.bytesOf(path);
    byte[] how =
        ByteBuffer.allocate(STRUCT_OPEN_HOW_LENGTH)
            .order(ByteOrder.nativeOrder())
            .putLong(flags)
            .putLong(mode)
            .putLong(LibC.RESOLVE_NO_SYMLINKS)
            .array();
    return (int)
        calls.make(
            path, libc -> libc.syscall(LibC.SYS_OPENAT2, LibC.AT_FDCWD, name, how, how.length));
  }

  private int walk(Path path, int flags, int mode) throws IOException {
    int directory =
        openIn(LibC.AT_FDCWD, path, Path.of(path.isAbsolute() ? "/" : "."), DIRECTORY, 0);
    try {
      for (int i = 0; i < path.getNameCount() - 1; i++) {
        int next = openIn(directory, path, path.getName(i), DIRECTORY, 0);
        calls.close(path, directory);
        directory = next;
      }
      Path last = path.getNameCount() == 0 ? Path.of(".") : path.getFileName();
      return openIn(directory, path, last, flags, mode);
    } finally {
      calls.close(path, directory);
    }
  }

  private int openIn(int directory, Path path, Path name, int flags, int mode) throws IOException {
    // An empty name, for example from Path.resolveSibling(""), means the directory itself.
    byte[] bytes = SystemCalls.bytesOf(name.toString().isEmpty() ? Path.of(".") : name);
    return (int) calls.make(path, libc -> libc.openat(directory, bytes, flags, mode));
  }

  /** {@return a failure that names the symbolic link; the original failure if the link is gone} */
  private static IOException withLink(Path path, boolean isDirectory, SystemCallException failure) {
    Path absolute = path.toAbsolutePath();
    for (int i = 1; i <= absolute.getNameCount(); i++) {
      Path part = absolute.getRoot().resolve(absolute.subpath(0, i));
      if (Files.isSymbolicLink(part)) {
        String reason =
            part.equals(absolute) && !isDirectory
                ? part + " is a symbolic link"
                : part + " is a symbolic link; it was a directory when the path was recorded";
        FileSystemException linked = new FileSystemException(path.toString(), null, reason);
        linked.initCause(failure);
        return linked;
      }
    }
    return failure;
  }
}
