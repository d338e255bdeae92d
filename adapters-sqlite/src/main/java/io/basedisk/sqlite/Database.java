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
 * <p>Nothing else may open the file in this process: POSIX drops all locks that a process has on a
 * file, SQLite's among them, as soon as the process closes any descriptor of it.
 *
 * @param file its absolute path
 * @param name the path to name in messages: {@code file}, or what it is a copy of
 * @param patience how long a connection waits for a lock
 * @param isImmutable whether the file system keeps everyone from writing to it: SQLite reads it
 *     without locks and makes no files beside it
 */
record Database(Path file, Path name, Duration patience, boolean isImmutable) {

  /** A database that may be written to. */
  Database(Path file, Duration patience) {
    this(file, file, patience, false);
  }

  /** Opens a connection, and makes the file if need be. */
  Connection connect() throws SQLException {
    return isImmutable ? connectReadOnly() : connect(config());
  }

  /** Opens a connection that can change nothing. */
  Connection connectReadOnly() throws SQLException {
    SQLiteConfig config = config();
    config.setReadOnly(true);
    return connect(config);
  }

  /** Returns a source of connections like those of {@link #connect()}. */
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
    // As a URI, because the driver takes what follows a '?' in a plain path for settings.
    source.setUrl("jdbc:sqlite:" + file.toUri() + (isImmutable ? "?immutable=1" : ""));
    return source;
  }

  /** The settings of a connection; none of them changes the file. */
  private SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(Math.toIntExact(Math.min(patience.toMillis(), Integer.MAX_VALUE)));
    config.enforceForeignKeys(true);
    config.setSynchronous(SynchronousMode.FULL);
    // Nobody asks for them, and the driver would run a query for them after each change.
    config.setGetGeneratedKeys(false);
    return config;
  }

  /** Runs a statement. */
  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs a query for one value. */
  static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.getString(1);
    }
  }

  /** Returns the path of a file beside the database, with {@code suffix} at its end. */
  Path sibling(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /** Returns whether changes may be in the write-ahead log that are not in the database. */
  boolean hasWriteAheadLog() {
    try {
      return Files.size(sibling("-wal")) > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Closes a connection that is given up because of {@code failure}. */
  static void closeAfter(Exception failure, Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }
}
