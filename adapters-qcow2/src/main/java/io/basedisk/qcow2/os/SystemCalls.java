package io.basedisk.qcow2.os;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/** Calls the C library, and turns failures into exceptions that name a file. */
final class SystemCalls {

  /** One call, which returns -1 and sets {@code errno} when it fails. */
  @FunctionalInterface
  interface Call {
    long make(LibC libc);
  }

  // The JDK's encoding of file names.
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

  /** Makes a call for a file, and repeats it after each interruption by a signal. */
  long make(Path path, Call call) throws SystemCallException {
    long result = attempt(call);
    if (result == -1) {
      throw failure(path, Native.getLastError());
    }
    return result;
  }

  /**
   * Makes a call for a file that may be missing, like {@link #make} otherwise; returns whether the
   * file exists.
   */
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

  /** Closes a descriptor once: Linux frees its number even if a signal interrupts the call. */
  void close(Path path, int descriptor) throws IOException {
    if (libc.close(descriptor) == -1) {
      int errno = Native.getLastError();
      if (errno != LibC.EINTR) {
        throw failure(path, errno);
      }
    }
  }

  /**
   * {@return the bytes of a path, with a zero at the end}
   *
   * @throws FileSystemException if the path's text does not determine its bytes: a name that is not
   *     valid in the locale's encoding would otherwise become another file's name
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
