package io.basedisk.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import io.basedisk.sqlite.Connections.PooledConnection;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings that SQLite reports for the connections of transactions. */
class ConnectionSettingsTest {

  @TempDir private static Path directory;

  private static Connections connections;
  private static PooledConnection first;
  private static PooledConnection second;

  @BeforeAll
  static void open() {
    connections =
        Connections.open(new Database(directory.resolve("basedisk.db"), Duration.ofMillis(1234)));
    first = connections.take();
    second = connections.take();
  }

  @AfterAll
  static void close() {
    connections.giveBack(first);
    connections.giveBack(second);
    connections.close();
  }

  @ParameterizedTest
  @CsvSource({
    "journal_mode, wal",
    "synchronous, 2", // FULL
    "foreign_keys, 1",
    "busy_timeout, 1234",
    "fullfsync, 1",
    "defer_foreign_keys, 0",
    "ignore_check_constraints, 0",
    "query_only, 0",
  })
  void every_connection_has_the_setting(String pragma, String value) throws SQLException {
    assertNotSame(first.jdbc(), second.jdbc());
    assertEquals(value, Database.query(first.jdbc(), "PRAGMA " + pragma));
    assertEquals(value, Database.query(second.jdbc(), "PRAGMA " + pragma));
  }

  @Test
  void a_connection_that_was_given_back_is_used_again() {
    Connections own = Connections.open(new Database(directory.resolve("own.db"), Duration.ZERO));
    PooledConnection connection = own.take();
    own.giveBack(connection);

    assertEquals(connection, own.take());

    own.giveBack(connection);
    own.close();
  }
}
