package io.basedisk.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jooq.tools.jdbc.DefaultPreparedStatement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache of statements in a connection. */
class StatementCachingConnectionTest {

  private static final String ONE = "SELECT 1 UNION ALL SELECT 2";

  @TempDir private Path directory;
  private StatementCachingConnection connection;

  @BeforeEach
  void open() throws SQLException {
    Database database = new Database(directory.resolve("any.db"), Duration.ofHours(1));
    connection = new StatementCachingConnection(database.connect());
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void a_statement_that_was_closed_is_handed_out_again() throws SQLException {
    PreparedStatement first = prepared(ONE);
    first.executeQuery().close();
    first.close();
    PreparedStatement second = prepared(ONE);

    assertTrue(first.isClosed());
    assertSame(delegate(first), delegate(second));
    try (ResultSet rows = second.executeQuery()) {
      assertTrue(rows.next());
      assertEquals(1, rows.getInt(1));
    }
  }

  @Test
  void a_statement_in_use_is_not_handed_out() throws SQLException {
    try (PreparedStatement outer = prepared(ONE);
        ResultSet rows = outer.executeQuery()) {
      assertTrue(rows.next());
      try (PreparedStatement inner = prepared(ONE)) {
        assertNotSame(delegate(outer), delegate(inner));
        inner.executeQuery().close();
      }

      assertTrue(rows.next());
      assertEquals(2, rows.getInt(1));
    }
    assertEquals(ImmutableSet.of(ONE), connection.kept());
  }

  @Test
  void a_statement_that_failed_is_prepared_anew() throws SQLException {
    connection.execute("CREATE TABLE t (n INTEGER UNIQUE)");
    connection.execute("INSERT INTO t VALUES (1)");

    assertThrows(SQLException.class, () -> connection.execute("INSERT INTO t VALUES (1)"));

    assertFalse(connection.kept().contains("INSERT INTO t VALUES (1)"));
    connection.execute("DELETE FROM t");
    connection.execute("INSERT INTO t VALUES (1)");
  }

  @Test
  void what_was_not_used_for_longest_goes_when_there_are_too_many() throws SQLException {
    connection.execute(ONE);
    connection.execute("SELECT 'first'");
    for (int i = 0; i < StatementCachingConnection.LIMIT - 1; i++) {
      connection.execute(ONE);
      connection.execute("SELECT " + i);
    }

    assertEquals(StatementCachingConnection.LIMIT, connection.kept().size());
    assertTrue(connection.kept().contains(ONE));
    assertFalse(connection.kept().contains("SELECT 'first'"));
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    return connection.prepareStatement(sql);
  }

  private static PreparedStatement delegate(PreparedStatement statement) throws SQLException {
    return ((DefaultPreparedStatement) statement).getDelegate();
  }
}
