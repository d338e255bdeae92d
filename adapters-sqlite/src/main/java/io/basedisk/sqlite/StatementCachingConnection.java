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
 * A connection that keeps the statements that it has prepared, by their SQL.
 *
 * <p>SQLite compiles a statement when it is prepared, which takes several times as long as to run
 * it. jOOQ prepares a statement each time that it runs one, and closes it: here it gets the
 * statement that it closed before.
 */
final class StatementCachingConnection extends DefaultConnection {

  /** How many statements are kept: more than this package has, with inserts of several rows. */
  static final int LIMIT = 128;

  /** The statements that are not in use, the one that was used last at the end. */
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

  /** Returns the SQL of the statements that are kept. */
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

  /** A statement in use. */
  private final class KeptStatement extends DefaultPreparedStatement {

    private final String sql;

    /**
     * The driver can't run a statement again that has failed ("statement is not executing"), and
     * its connection is kept where there was no space.
     */
    private boolean hasFailed;

    private boolean isClosed;

    KeptStatement(String sql, PreparedStatement statement) {
      super(statement);
      this.sql = sql;
    }

    @Override
    public boolean execute() throws SQLException {
      hasFailed = true;
      boolean hasResult = super.execute();
      hasFailed = false;
      return hasResult;
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
      hasFailed = true;
      ResultSet result = super.executeQuery();
      hasFailed = false;
      return result;
    }

    @Override
    public int executeUpdate() throws SQLException {
      hasFailed = true;
      int changed = super.executeUpdate();
      hasFailed = false;
      return changed;
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
