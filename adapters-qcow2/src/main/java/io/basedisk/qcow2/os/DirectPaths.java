package io.basedisk.qcow2.os;

import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens paths that lead through no symbolic link: one at the end or on the way is an error. So a
 * user who owns a directory on the way can't lead a path into another one.
 *
 * <p>The kernel resolves a path so in one call since Linux 5.6. Before, or where a sandbox refuses
 * that call, the directories are opened one by one.
 */
final class DirectPaths {

  private static final int O_DIRECTORY = Platform.isARM() ? 040000 : 0200000;

  /** The flags of open(2) for a directory that is only gone through. */
  static final int DIRECTORY = LibC.O_PATH | O_DIRECTORY | LinuxSystem.O_NOFOLLOW | LibC.O_CLOEXEC;

  private static final int STRUCT_OPEN_HOW_LENGTH = 24;

  private final SystemCalls calls;
  private volatile boolean isWalking;

  DirectPaths(SystemCalls calls) {
    this.calls = calls;
  }

  /**
   * Opens what is at a path, and returns the number of the descriptor.
   *
   * @param flags those of open(2), {@code O_NOFOLLOW} among them
   * @param mode the permission bits of a file that is made; 0 if none is
   */
  int open(Path path, int flags, int mode) throws IOException {
    try {
      if (!isWalking) {
        try {
          return openAtOnce(path, flags, mode);
        } catch (SystemCallException e) {
          if (e.errno() == LibC.ENOSYS) {
            isWalking = true;
          } else if (e.errno() != LibC.EPERM) { // Which a sandbox says too; else it comes again.
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
    // An empty name, as that of the directory that Path.resolveSibling("") means, is that itself.
    byte[] bytes = SystemCalls.bytesOf(name.toString().isEmpty() ? Path.of(".") : name);
    return (int) calls.make(path, libc -> libc.openat(directory, bytes, flags, mode));
  }

  /** Returns the failure that names the symbolic link, if that is still there. */
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
