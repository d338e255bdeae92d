package io.basedisk.sqlite;

import io.basedisk.domain.error.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * The schema of the database: whether a file has the one that this code knows, and how it gets it.
 *
 * <p>A current database is known by its {@code application_id} and {@code user_version}, which each
 * migration sets in its own transaction: Flyway is only started if there is something to migrate.
 *
 * <p>Flyway does not keep two processes from migrating one SQLite database at the same time, and
 * can't be run while somebody holds the database's own write lock. So who migrates holds an
 * exclusive transaction on a second, empty SQLite database beside it. That is a lock that works
 * between threads as between processes, goes with its holder however that ends, and needs nothing
 * but SQLite. The file stays: to remove it would let two holders have it, one by its old inode.
 */
final class Schema {

  /** What is appended to the name of a database for the lock of its migration. */
  static final String LOCK_SUFFIX = "-migration-lock";

  /** The version that this code knows: the number of its migrations. */
  static final int VERSION = 5;

  /** Where the migrations are on the class path. */
  static final String MIGRATIONS = "io/basedisk/sqlite/migrations";

  /** What the first migration sets. */
  private static final int APPLICATION_ID = 0x62617364;

  /** Held here because the logging library would drop it, and its level, otherwise. */
  private static final Logger FLYWAY_LOG = Logger.getLogger("org.flywaydb");

  private final Database database;
  private final Connection connection;

  private Schema(Database database, Connection connection) {
    this.database = database;
    this.connection = connection;
  }

  /**
   * Opens a connection to the database, after it was brought to the current schema.
   *
   * @throws StorageException if it is a database of something else or of a newer version, which is
   *     left as it is
   */
  static Connection open(Database database) throws SQLException {
    PrivateFiles.create(database.file());
    PrivateFiles.narrow(database.sibling("-wal"));
    PrivateFiles.narrow(database.sibling("-shm"));
    PrivateFiles.narrow(database.sibling("-migration-lock"));
    Connection connection = database.connect();
    try {
      new Schema(database, connection).bringUpToDate();
      return connection;
    } catch (SQLException | RuntimeException e) {
      Database.closeAfter(e, connection);
      throw e;
    }
  }

  /**
   * Opens a connection to a database that can't be changed; empty if it has an older schema.
   *
   * @throws StorageException if it is a database of something else or of a newer version
   */
  static Optional<Connection> openCurrent(Database database) throws SQLException {
    Connection connection = database.connectReadOnly();
    try {
      if (new Schema(database, connection).isCurrent()) {
        return Optional.of(connection);
      }
      connection.close();
      return Optional.empty();
    } catch (SQLException | RuntimeException e) {
      Database.closeAfter(e, connection);
      throw e;
    }
  }

  private void bringUpToDate() throws SQLException {
    if (isCurrent()) {
      useWriteAheadLog();
    } else {
      migrateAlone();
    }
  }

  /** Returns whether the database is of the known version, if it is one that may be used. */
  private boolean isCurrent() throws SQLException {
    Content content = look();
    if (content.version > VERSION) {
      throw refuse(
          "has schema version "
              + content.version
              + ", newer than the "
              + VERSION
              + " that this program knows");
    }
    if (content.application != APPLICATION_ID && !content.isNew()) {
      throw refuse("is an SQLite database, but not one of basedisk");
    }
    return content.version == VERSION;
  }

  /** What tells databases apart; {@code tables} does not count those of Flyway. */
  private record Content(int version, int application, int tables) {

    /** Returns whether nothing is in it, or only what Flyway makes before the first migration. */
    boolean isNew() {
      return version == 0 && application == 0 && tables == 0;
    }
  }

  /** Looks at the database, without changing it, at one instant: others may be migrating it. */
  private Content look() throws SQLException {
    Database.execute(connection, "BEGIN");
    try {
      return new Content(
          number("PRAGMA user_version"),
          number("PRAGMA application_id"),
          number("SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'flyway_schema_history'"));
    } finally {
      Database.execute(connection, "ROLLBACK");
    }
  }

  private int number(String query) throws SQLException {
    return Integer.parseInt(Database.query(connection, query));
  }

  private StorageException refuse(String reason) throws SQLException {
    closeWithoutCheckpoint();
    return new StorageException(database.name() + ": " + reason);
  }

  /**
   * Closes the connection so that the file stays as it is. The last connection to be closed would
   * move what a crash left in the write-ahead log into the database; a connection that can only
   * read does not. So it is made the last one.
   */
  private void closeWithoutCheckpoint() throws SQLException {
    if (!database.hasWriteAheadLog()) {
      connection.close();
      return;
    }
    try (Connection last = database.connectReadOnly()) {
      // To look at the schema takes the lock that says that the database is in use.
      Database.query(last, "SELECT count(*) FROM sqlite_schema");
      connection.close();
    }
  }

  private void migrateAlone() throws SQLException {
    Database lock = new Database(database.sibling(LOCK_SUFFIX), database.patience());
    PrivateFiles.create(lock.file());
    try (Connection holder = lock.connect()) {
      Database.execute(holder, "BEGIN EXCLUSIVE");
      // Somebody else may have done it meanwhile.
      if (!isCurrent()) {
        useWriteAheadLog();
        migrate();
      }
    }
    if (!isCurrent()) {
      throw new StorageException(
          database.name() + ": the migrations did not lead to version " + VERSION);
    }
  }

  private void migrate() {
    FLYWAY_LOG.setLevel(Level.WARNING);
    try {
      flyway(database).migrate();
    } catch (FlywayException e) {
      throw new SqliteErrors(database).failure(e);
    }
  }

  /** Returns Flyway with the migrations of this package. */
  static Flyway flyway(Database database) {
    return Flyway.configure(Schema.class.getClassLoader())
        .dataSource(database.dataSource())
        .locations("classpath:" + MIGRATIONS)
        .load();
  }

  private void useWriteAheadLog() throws SQLException {
    String mode = Database.query(connection, "PRAGMA journal_mode = WAL");
    if (!mode.equals("wal")) {
      throw new StorageException(
          database.name()
              + ": the file system can't have a database in WAL mode (SQLite stays in mode "
              + mode
              + ")");
    }
  }
}
