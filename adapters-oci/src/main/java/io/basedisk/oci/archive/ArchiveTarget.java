package io.basedisk.oci.archive;

import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.oci.blob.FileFailures;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Where the bytes of an archive go: to a new file, or to a pipe. */
public interface ArchiveTarget extends AutoCloseable {

  /**
   * {@return a new file, which appears whole with {@link #complete}}
   *
   * @param file its path
   * @throws AlreadyExistsException if it exists
   */
  static ArchiveTarget of(Path file) {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw taken(file);
    }
    return NewFile.at(file);
  }

  /**
   * {@return a pipe}
   *
   * @param pipe takes the bytes; it is flushed, not closed
   * @param name the name of the pipe for messages
   */
  static ArchiveTarget of(OutputStream pipe, String name) {
    // The tar library writes 512 bytes at a time.
    return new Pipe(new BufferedOutputStream(pipe, 64 << 10), name);
  }

  /** {@return takes the bytes} */
  OutputStream stream();

  /**
   * Makes the bytes visible, durably.
   *
   * @throws IOException if this fails; {@link #failure} makes an error of it
   */
  void complete() throws IOException;

  /** Removes the bytes unless they are complete. A second call has no effect. */
  @Override
  void close();

  /** {@return the name for messages} */
  String name();

  /**
   * {@return the error for a failed write}
   *
   * @param cause the JDK's exception
   */
  default BaseDiskException failure(IOException cause) {
    return cause instanceof FileAlreadyExistsException
        ? taken(Path.of(name()))
        : FileFailures.of("cannot write", Path.of(name()), cause);
  }

  private static AlreadyExistsException taken(Path file) {
    return new AlreadyExistsException(
        "cannot create " + file + ": it exists already", new Remedy.ChooseFile(file));
  }

  /** A pipe has what was written: nothing is removed, and a reader misses the end. */
  record Pipe(OutputStream stream, String name) implements ArchiveTarget {
    @Override
    public void complete() throws IOException {
      stream.flush();
    }

    @Override
    public void close() {}
  }
}
