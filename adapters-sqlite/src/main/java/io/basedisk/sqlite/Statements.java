package io.basedisk.sqlite;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.ResultQuery;
import org.jspecify.annotations.Nullable;

/**
 * The statements that one connection has run, kept prepared for the next time.
 *
 * <p>A statement is known by its recipe, which makes it with jOOQ; the values in it stand for those
 * to come. To make it, and to have SQLite compile it, takes several times as long as to run it. It
 * is run without jOOQ, which would look at all of it for each value that it binds: a batch of
 * clones runs thousands.
 */
final class Statements {

  /** How a statement is made. It is to be a constant: it is what the statement is kept under. */
  interface Recipe<Q extends Query> {
    Q make(DSLContext sql);
  }

  /** A query, and the columns of its rows. */
  private record PreparedQuery(PreparedStatement statement, ImmutableList<Field<?>> columns) {}

  private final Connection connection;
  private final DSLContext sql;
  private final Map<Recipe<?>, PreparedQuery> queries = new HashMap<>();
  private final Map<Recipe<?>, PreparedStatement> changes = new HashMap<>();
  private final Map<String, PreparedStatement> others = new HashMap<>();

  Statements(Connection connection, DSLContext sql) {
    this.connection = connection;
    this.sql = sql;
  }

  /** Runs the query of that recipe, with {@code values} in place of its values. */
  Result<Record> query(Recipe<ResultQuery<?>> recipe, Object... values) throws SQLException {
    PreparedQuery query = queries.get(recipe);
    if (query == null) {
      ResultQuery<?> made = recipe.make(sql);
      query =
          new PreparedQuery(
              connection.prepareStatement(made.getSQL()), ImmutableList.copyOf(made.fields()));
      queries.put(recipe, query);
    }
    bind(query.statement, values);
    try (ResultSet rows = query.statement.executeQuery()) {
      return sql.fetch(rows, query.columns.toArray(Field<?>[]::new));
    } catch (SQLException e) {
      queries.remove(recipe);
      throw closedAfter(e, query.statement);
    }
  }

  /**
   * Runs the change of that recipe, with {@code values} in place of its values.
   *
   * @return how many rows it has changed
   */
  int change(Recipe<?> recipe, @Nullable Object... values) throws SQLException {
    PreparedStatement change = changes.get(recipe);
    if (change == null) {
      change = connection.prepareStatement(recipe.make(sql).getSQL());
      changes.put(recipe, change);
    }
    bind(change, values);
    try {
      return change.executeUpdate();
    } catch (SQLException e) {
      changes.remove(recipe);
      throw closedAfter(e, change);
    }
  }

  /** Runs a statement that has no values and no result: a constant. */
  void run(String statement) throws SQLException {
    PreparedStatement prepared = others.get(statement);
    if (prepared == null) {
      prepared = connection.prepareStatement(statement);
      others.put(statement, prepared);
    }
    try {
      prepared.execute();
    } catch (SQLException e) {
      others.remove(statement);
      throw closedAfter(e, prepared);
    }
  }

  /**
   * Closes a statement that failed: the driver can't run it again ("statement is not executing"),
   * and its connection is kept where there was no space.
   */
  private static SQLException closedAfter(SQLException failure, PreparedStatement statement) {
    try {
      statement.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  private static void bind(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  /** Returns the SQL of all queries and changes that are kept. */
  ImmutableSet<String> kept() {
    return Stream.concat(queries.keySet().stream(), changes.keySet().stream())
        .map(recipe -> recipe.make(sql).getSQL())
        .collect(ImmutableSet.toImmutableSet());
  }
}
