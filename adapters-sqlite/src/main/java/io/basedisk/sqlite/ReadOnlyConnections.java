package io.basedisk.sqlite;

import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Connections to a database whose directory can't be written to: the file system is read-only or
 * full, or this user has no permission.
 *
 * <p>Reads the database in place if it has the current schema and no write-ahead log. In place,
 * SQLite would not see changes in a log, and an older schema can't be migrated. In these cases,
 * this copies the database to a private temporary directory and opens the copy.
 *
 * @param connections connections to the database or to its copy
 * @param copy the copy, removed on close; null without a copy
 */
record ReadOnlyConnections(Connections connections, @Nullable PrivateCopy copy)
    implements AutoCloseable {

  /**
   * Opens the database in {@code file}.
   *
   * @throws NotFoundException if the file does not exist
   * @throws RefusedException if processes that use another mount keep changing it
   */
  static ReadOnlyConnections open(Path file, Duration timeout) {
    if (!Files.exists(file)) {
      throw new NotFoundException(file + ": there is no store, and none can be made here");
    }
    Database original = new Database(file, file, timeout, true);
    if (!original.hasWriteAheadLog()) {
      Optional<Connections> current = Connections.openCurrent(original);
      if (current.isPresent()) {
        return new ReadOnlyConnections(current.get(), null);
      }
    }
    return openCopy(original);
  }

  private static ReadOnlyConnections openCopy(Database original) {
    PrivateCopy copy = PrivateCopy.of(original);
    try {
      return new ReadOnlyConnections(Connections.open(copy.database()), copy);
    } catch (RuntimeException | Error e) {
      copy.close();
      throw e;
    }
  }

  @Override
  public void close() {
    connections.close();
    if (copy != null) {
      copy.close();
    }
  }
}
