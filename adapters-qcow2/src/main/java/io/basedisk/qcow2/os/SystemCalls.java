package io.basedisk.qcow2.os;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/** Makes calls of the C library and turns their failures into exceptions that name a file. */
final class SystemCalls {

  /** One call, which returns -1 and sets {@code errno} when it fails. */
  @FunctionalInterface
  interface Call {
    long make(LibC libc);
  }

  // How the JDK turns the text of a path into the bytes of a file name, and back.
  private static final Charset FILE_NAMES =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private final LibC libc;

  private final DirectPaths paths = new DirectPaths(this);

  SystemCalls(LibC libc) {
    this.libc = libc;
  }

  DirectPaths paths() {
    return paths;
  }

  /** Makes a call about a file, again each time that a signal interrupts it. */
  long make(Path path, Call call) throws SystemCallException {
    long result = attempt(call);
    if (result == -1) {
      throw failure(path, Native.getLastError());
    }
    return result;
  }

  /** Makes a call about a file that need not exist, in the same way; returns whether it does. */
  boolean makeIfThere(Path path, Call call) throws SystemCallException {
    if (attempt(call) != -1) {
      return true;
    }
    int errno = Native.getLastError();
    if (errno != LibC.ENOENT) {
      throw failure(path, errno);
    }
    return false;
  }

  private long attempt(Call call) {
    long result;
    do {
      result = call.make(libc);
    } while (result == -1 && Native.getLastError() == LibC.EINTR);
    return result;
  }

  private SystemCallException failure(Path path, int errno) {
    return new SystemCallException(path, errno, libc.strerror(errno));
  }

  /** Closes a descriptor: once, as Linux frees its number even if a signal interrupts that. */
  void close(Path path, int descriptor) throws IOException {
    if (libc.close(descriptor) == -1) {
      int errno = Native.getLastError();
      if (errno != LibC.EINTR) {
        throw failure(path, errno);
      }
    }
  }

  /**
   * Returns the bytes of a path, with a zero behind them.
   *
   * @throws FileSystemException if its text does not say which bytes those are: a name that is not
   *     valid in the encoding of the locale would otherwise become another file's
   */
  static byte[] bytesOf(Path path) throws FileSystemException {
    String text = path.toString();
    if (!isFaithful(path, text)) {
      throw new FileSystemException(text, null, "the name is not valid in " + FILE_NAMES.name());
    }
    byte[] bytes = text.getBytes(FILE_NAMES);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  private static boolean isFaithful(Path path, String text) {
    try {
      return path.getFileSystem().getPath(text).equals(path);
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
