package io.basedisk.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/**
 * An SQLite database file, and how connections to it are set up.
 *
 * <p>No other code of this process may open the file. As soon as a process closes any descriptor of
 * a file, POSIX drops all locks that the process has on it, including SQLite's.
 *
 * @param file its absolute path
 * @param name the path in messages: {@code file}, or for a copy the path of the original
 * @param timeout how long a connection waits for a lock
 * @param isImmutable whether no process can write to the file. Then SQLite reads it without locks,
 *     and creates no files beside it
 */
record Database(Path file, Path name, Duration timeout, boolean isImmutable) {

  /** A database that can be written to. */
  Database(Path file, Duration timeout) {
    this(file, file, timeout, false);
  }

  /** Opens a connection. Creates the file if it does not exist. */
  Connection connect() throws SQLException {
    return isImmutable ? connectReadOnly() : connect(config());
  }

  /** Opens a read-only connection. */
  Connection connectReadOnly() throws SQLException {
    SQLiteConfig config = config();
    config.setReadOnly(true);
    return connect(config);
  }

  /** {@return a data source whose connections are like those of {@link #connect()}} */
  SQLiteDataSource dataSource() {
    return dataSource(config());
  }

  private Connection connect(SQLiteConfig config) throws SQLException {
    Connection connection = dataSource(config).getConnection();
    try {
      // For macOS, where an fsync leaves data in the drive's cache. No effect elsewhere.
      execute(connection, "PRAGMA fullfsync = ON");
      return connection;
    } catch (SQLException | RuntimeException e) {
      closeAfter(e, connection);
      throw e;
    }
  }

  private SQLiteDataSource dataSource(SQLiteConfig config) {
    SQLiteDataSource source = new SQLiteDataSource(config);
    // A URI, because in a plain path the driver reads the part after a '?' as settings.
    source.setUrl("jdbc:sqlite:" + file.toUri() + (isImmutable ? "?immutable=1" : ""));
    return source;
  }

  /** {@return the settings of a connection} None of them changes the file. */
  private SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(Math.toIntExact(Math.min(timeout.toMillis(), Integer.MAX_VALUE)));
    config.enforceForeignKeys(true);
    config.setSynchronous(SynchronousMode.FULL);
    // Generated keys are unused. With them, the driver runs one more query after each change.
    config.setGetGeneratedKeys(false);
    return config;
  }

  /** Runs a statement. */
  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** {@return the single value of a query} */
  static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.getString(1);
    }
  }

  /** {@return the database's path with a suffix appended} */
  Path sibling(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /** {@return whether the write-ahead log may have changes that are not in the database yet} */
  boolean hasWriteAheadLog() {
    try {
      return Files.size(sibling("-wal")) > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Closes a connection after a failure. A second failure is added to the first as suppressed. */
  static void closeAfter(Exception failure, Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }
}
