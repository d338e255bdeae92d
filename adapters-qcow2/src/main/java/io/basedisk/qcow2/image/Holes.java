package io.basedisk.qcow2.image;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.SparseFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The holes of a file that reads as zeros there, asked for when somebody wants to know. Of a file
 * that has another name by now none are known: all of it counts as data. Safe for many threads.
 */
final class Holes implements AutoCloseable {

  private final Path path;
  private final FileIdentity identity;
  private final OperatingSystem system;

  @GuardedBy("this")
  private @Nullable SparseFile file;

  @GuardedBy("this")
  private boolean asked;

  Holes(Path path, FileIdentity identity, OperatingSystem system) {
    this.path = path;
    this.identity = identity;
    this.system = system;
  }

  /**
   * A part of the file that is one hole, or has none.
   *
   * @param end where it ends
   */
  record Part(long end, boolean isHole) {}

  /** Returns what begins at a position in the file; it ends at {@code limit} or before. */
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
      throw ImageFile.failure(path, e);
    }
  }

  @GuardedBy("this")
  private @Nullable SparseFile file() throws IOException {
    if (!asked) {
      asked = true;
      file = open();
    }
    return file;
  }

  private @Nullable SparseFile open() throws IOException {
    try {
      SparseFile found = system.sparse(path);
      if (found.identity().equals(identity)) {
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
        throw ImageFile.failure(path, e);
      }
    }
  }
}
