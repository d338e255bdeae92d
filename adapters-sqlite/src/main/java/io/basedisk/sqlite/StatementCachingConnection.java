package io.basedisk.sqlite;

import com.google.common.collect.ImmutableSet;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jooq.tools.jdbc.DefaultPreparedStatement;

/**
 * A connection that caches its prepared statements by their SQL.
 *
 * <p>SQLite compiles a statement when it is prepared. That takes several times as long as running
 * it. jOOQ prepares a statement for each run and closes it afterwards; with this cache, it gets the
 * same statement again.
 */
final class StatementCachingConnection extends DefaultConnection {

  /** Size of the cache: more than all statements of this package, with inserts of several rows. */
  static final int LIMIT = 128;

  /** The unused statements, the most recently used one last. */
  private final Map<String, PreparedStatement> idle = new LinkedHashMap<>();

  StatementCachingConnection(Connection connection) {
    super(connection);
  }

  @Override
  public PreparedStatement prepareStatement(String sql) throws SQLException {
    PreparedStatement kept = idle.remove(sql);
    return new KeptStatement(sql, kept != null ? kept : super.prepareStatement(sql));
  }

  /** Runs a statement that has no values and no result. */
  void execute(String sql) throws SQLException {
    try (PreparedStatement statement = prepareStatement(sql)) {
      statement.execute();
    }
  }

  /** {@return the SQL of the cached statements} */
  ImmutableSet<String> kept() {
    return ImmutableSet.copyOf(idle.keySet());
  }

  private void keep(String sql, PreparedStatement statement) throws SQLException {
    PreparedStatement other = idle.put(sql, statement);
    if (other != null) {
      other.close();
    }
    if (idle.size() > LIMIT) {
      Iterator<PreparedStatement> eldest = idle.values().iterator();
      eldest.next().close();
      eldest.remove();
    }
  }

  /** One run of a statement. */
  @FunctionalInterface
  private interface Run<T> {
    T run() throws SQLException;
  }

  /** A statement in use. */
  private final class KeptStatement extends DefaultPreparedStatement {

    private final String sql;

    /**
     * Whether a run failed. The driver can't run such a statement again ("statement is not
     * executing"), but for lack of space the connection stays in use.
     */
    private boolean hasFailed;

    private boolean isClosed;

    KeptStatement(String sql, PreparedStatement statement) {
      super(statement);
      this.sql = sql;
    }

    @Override
    public boolean execute() throws SQLException {
      return noting(super::execute);
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
      return noting(super::executeQuery);
    }

    @Override
    public int executeUpdate() throws SQLException {
      return noting(super::executeUpdate);
    }

    private <T> T noting(Run<T> run) throws SQLException {
      hasFailed = true;
      T result = run.run();
      hasFailed = false;
      return result;
    }

    @Override
    public void close() throws SQLException {
      if (isClosed) {
        return;
      }
      isClosed = true;
      if (hasFailed) {
        super.close();
      } else {
        keep(sql, getDelegate());
      }
    }

    @Override
    public boolean isClosed() {
      return isClosed;
    }
  }
}
