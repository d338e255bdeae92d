package io.basedisk.qcow2.image;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.SparseFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The holes of a sparse file, looked up on demand. If the path names another file by now, the whole
 * file counts as data. So does a block device. Thread-safe.
 */
final class Holes implements AutoCloseable {

  private final Path path;
  private final FileStatus status;
  private final OperatingSystem system;

  @GuardedBy("this")
  private @Nullable SparseFile file;

  @GuardedBy("this")
  private boolean asked;

  /**
   * @param path real path of the file
   * @param status status of the file when it was opened
   */
  Holes(Path path, FileStatus status, OperatingSystem system) {
    this.path = path;
    this.status = status;
    this.system = system;
  }

  /** {@return the space in bytes that the file occupies on its file system} */
  long allocatedBytes() {
    return status.allocatedBytes();
  }

  /** {@return whether the file can have holes: a device has none} */
  boolean arePossible() {
    return status.isRegularFile();
  }

  /**
   * A part of the file that is all hole or all data.
   *
   * @param end offset of its end
   */
  record Part(long end, boolean isHole) {}

  /**
   * {@return the part that begins at a position and ends at {@code limit} or before} Beyond the end
   * of the file is a hole.
   */
  synchronized Part partAt(long position, long limit) {
    try {
      SparseFile sparse = file();
      if (sparse == null) {
        return new Part(limit, false);
      }
      long data = sparse.dataFrom(position);
      return data > position
          ? new Part(Math.min(limit, data), true)
          : new Part(Math.min(limit, sparse.holeFrom(position)), false);
    } catch (IOException e) {
      throw ImageFailure.of(path, e);
    }
  }

  @GuardedBy("this")
  private @Nullable SparseFile file() throws IOException {
    if (!asked) {
      asked = true;
      file = arePossible() ? open() : null;
    }
    return file;
  }

  private @Nullable SparseFile open() throws IOException {
    try {
      SparseFile found = system.sparse(path);
      if (found.identity().equals(status.identity())) {
        return found;
      }
      found.close();
    } catch (NoSuchFileException e) {
      return null;
    }
    return null;
  }

  @Override
  public synchronized void close() {
    asked = true;
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw ImageFailure.of(path, e);
      }
    }
  }
}
