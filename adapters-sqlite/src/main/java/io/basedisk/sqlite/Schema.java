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
 * The schema of the database: checks its version and migrates it to the current one.
 *
 * <p>The {@code application_id} and {@code user_version} of a database tell its version; each
 * migration sets them in its own transaction. Flyway starts only if the database needs a migration.
 *
 * <p>Flyway does not keep two processes from migrating one SQLite database at the same time, and it
 * can't run while another connection holds the database's write lock. So a migration holds an
 * exclusive transaction on a second, empty SQLite database beside the first: the migration lock.
 * This lock works between threads and between processes, ends with its holder in every case, and
 * needs nothing but SQLite. The file is never removed: otherwise two processes could hold the lock,
 * one on the removed inode.
 */
final class Schema {

  /** Suffix of the file of the migration lock. */
  static final String LOCK_SUFFIX = "-migration-lock";

  /** The current version, which is the number of migrations. */
  static final int VERSION = 9;

  /** Directory of the migrations on the class path. */
  static final String MIGRATIONS = "io/basedisk/sqlite/migrations";

  /** The application id, which the first migration sets. */
  private static final int APPLICATION_ID = 0x62617364;

  /** A strong reference: without one, the logging library may drop the logger and its level. */
  private static final Logger FLYWAY_LOG = Logger.getLogger("org.flywaydb");

  private final Database database;
  private final Connection connection;

  private Schema(Database database, Connection connection) {
    this.database = database;
    this.connection = connection;
  }

  /**
   * Migrates the database to the current schema if necessary, and opens a connection to it.
   *
   * @throws StorageException if the database belongs to another program or has a newer version; it
   *     stays unchanged
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
   * Opens a connection to a database that can't be changed. Empty if the database has an older
   * schema.
   *
   * @throws StorageException if the database belongs to another program or has a newer version
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

  /**
   * {@return whether the database has the current version} Throws if it is not a database of
   * basedisk, or has a newer version.
   */
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

  /** The versions in a database and its number of tables, without that of Flyway. */
  private record Content(int version, int application, int tables) {

    /** {@return whether the database is empty, except for the table that Flyway creates first} */
    boolean isNew() {
      return version == 0 && application == 0 && tables == 0;
    }
  }

  /** Reads the content in one transaction, since another process may be migrating the database. */
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
   * Closes the connection without a change of the file. When the last connection closes, SQLite
   * moves changes that a crash left in the write-ahead log into the database, unless that
   * connection is read-only. So this closes a read-only connection last.
   */
  private void closeWithoutCheckpoint() throws SQLException {
    if (!database.hasWriteAheadLog()) {
      connection.close();
      return;
    }
    try (Connection last = database.connectReadOnly()) {
      // Reading the schema takes the lock that marks the database as in use.
      Database.query(last, "SELECT count(*) FROM sqlite_schema");
      connection.close();
    }
  }

  private void migrateAlone() throws SQLException {
    Database lock = new Database(database.sibling(LOCK_SUFFIX), database.timeout());
    PrivateFiles.create(lock.file());
    try (Connection holder = lock.connect()) {
      Database.execute(holder, "BEGIN EXCLUSIVE");
      // Another process may have migrated the database during the wait.
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

  /** {@return Flyway with the migrations of this package} */
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
