package io.basedisk.sqlite;

import com.google.common.collect.ImmutableSet;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jspecify.annotations.Nullable;

/**
 * The statements that one connection has run, kept prepared for the next time.
 *
 * <p>A statement is known by its recipe, which makes it with jOOQ; the values in it stand for those
 * to come. To make it, and to have SQLite compile it, takes several times as long as to run it.
 * Changes are run without jOOQ, which would cost more than SQLite does: a batch of clones makes
 * thousands.
 */
final class Statements {

  /** How a statement is made. It is to be a constant: it is what the statement is kept under. */
  interface Recipe<Q extends Query> {
    Q make(DSLContext sql);
  }

  private final Connection connection;
  private final DSLContext sql;
  private final Map<Recipe<?>, ResultQuery<?>> queries = new HashMap<>();
  private final Map<Recipe<?>, PreparedStatement> changes = new HashMap<>();

  Statements(Connection connection, DSLContext sql) {
    this.connection = connection;
    this.sql = sql;
  }

  /** Returns the query of that recipe, with {@code values} in place of its values. */
  <R extends Record> ResultQuery<R> query(Recipe<ResultQuery<R>> recipe, Object... values) {
    // What is kept for a recipe is what the recipe made.
    @SuppressWarnings("unchecked")
    ResultQuery<R> query =
        (ResultQuery<R>)
            queries.computeIfAbsent(recipe, key -> recipe.make(sql).keepStatement(true));
    for (int i = 0; i < values.length; i++) {
      query.bind(i + 1, values[i]);
    }
    return query;
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
    for (int i = 0; i < values.length; i++) {
      change.setObject(i + 1, values[i]);
    }
    return change.executeUpdate();
  }

  /** Returns the SQL of all that is kept. */
  ImmutableSet<String> kept() {
    return Stream.concat(queries.keySet().stream(), changes.keySet().stream())
        .map(recipe -> recipe.make(sql).getSQL())
        .collect(ImmutableSet.toImmutableSet());
  }
}
