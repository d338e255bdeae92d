package io.basedisk.sqlite;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.ForeignHome;
import io.basedisk.domain.port.ForeignHomeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * Reads homes of BoxLite. SQLite opens a private copy of the database and its write-ahead log, so
 * that the home does not change.
 */
public final class BoxLiteHomeReader implements ForeignHomeReader {

  /** The largest database or log that is read, in bytes. */
  private static final long LARGEST = 1L << 30;

  private static final Path DATABASE = Path.of("db", "boxlite.db");

  /** Creates a reader. */
  public BoxLiteHomeReader() {}

  @Override
  public ForeignHome read(Path home) {
    Path file = home.resolve(DATABASE);
    Database database = new Database(file, file, Duration.ZERO, false);
    requireReadable(home, database);
    try (PrivateCopy copy = PrivateCopy.of(database);
        Connection connection = copy.database().connect()) {
      // A hostile schema must not call functions with side effects.
      Database.execute(connection, "PRAGMA trusted_schema = OFF");
      Database.execute(connection, "PRAGMA query_only = ON");
      DSLContext sql = Connections.plain(connection);
      return new BoxLiteRows(file, sql).read();
    } catch (DataAccessException e) {
      throw unreadable(file, e);
    } catch (SQLException e) {
      throw unreadable(file, e);
    }
  }

  private static StorageException unreadable(Path file, Exception e) {
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new StorageException(file + ": can't be read as a database of BoxLite: " + reason, e);
  }

  private static void requireReadable(Path home, Database database) {
    Path directory = database.sibling("").getParent();
    for (String suffix : ImmutableList.of("", "-wal")) {
      requireRegular(home, database.sibling(suffix), suffix.isEmpty());
    }
    if (directory != null && Files.isSymbolicLink(directory)) {
      throw new RefusedException(directory + ": is a symbolic link");
    }
    Path journal = database.sibling("-journal");
    if (Files.exists(journal, LinkOption.NOFOLLOW_LINKS)) {
      throw new RefusedException(
          journal + ": BoxLite has not completed a change of its database; start BoxLite once");
    }
  }

  private static void requireRegular(Path home, Path file, boolean isRequired) {
    try {
      BasicFileAttributes found =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!found.isRegularFile()) {
        throw new RefusedException(file + ": is not a regular file");
      }
      if (found.size() > LARGEST) {
        throw new RefusedException(
            file + ": is longer than the " + LARGEST + " bytes that are read");
      }
    } catch (NoSuchFileException missing) {
      if (isRequired) {
        throw new NotFoundException(
            home + ": is no home of BoxLite: " + DATABASE + " is missing", missing);
      }
    } catch (IOException e) {
      throw new StorageException(file + ": can't be read: " + e, e);
    }
  }
}
