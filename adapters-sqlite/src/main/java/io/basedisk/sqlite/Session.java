package io.basedisk.sqlite;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NoSpaceException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.sqlite.Connections.PooledConnection;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.ResultQuery;
import org.jspecify.annotations.Nullable;

/**
 * One transaction on one connection, for use by the thread that began it.
 *
 * <p>Closing a session rolls back an uncommitted transaction. If the rollback or the commit fails,
 * the connection is closed too.
 *
 * <p>After a failure, a session rejects every use. On some errors, such as a full disk, SQLite
 * rolls back at once; a later statement would then be a durable transaction of its own.
 */
final class Session implements AutoCloseable {

  private enum State {
    OPEN,
    ENDED,
    BROKEN,
    CLOSED
  }

  private final Connections connections;
  private final PooledConnection connection;
  private final Thread owner = Thread.currentThread();
  private State state = State.OPEN;
  private @Nullable Throwable failure;

  private Session(Connections connections, PooledConnection connection) {
    this.connections = connections;
    this.connection = connection;
  }

  /** Begins a transaction with {@code statement}. */
  static Session begin(Connections connections, String statement) {
    PooledConnection connection = connections.take();
    try {
      connection.jdbc().execute(statement);
    } catch (SQLException e) {
      connections.discard(connection);
      throw connections.errors().of(e);
    }
    return new Session(connections, connection);
  }

  /**
   * {@return the context that runs statements in this transaction} A failed statement throws the
   * exception that {@link SqliteErrors} makes of its error.
   *
   * @throws IllegalStateException if the transaction has failed or ended, or belongs to another
   *     thread. Another session may use the connection already
   */
  DSLContext sql() {
    checkUsable();
    return connection.sql();
  }

  /** Runs a query. */
  <R extends Record> Result<R> fetch(ResultQuery<R> query) {
    checkUsable();
    try {
      return query.fetch();
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    }
  }

  /** Runs a query and maps its rows. */
  <R extends Record, T> ImmutableList<T> list(ResultQuery<R> query, Function<R, T> mapper) {
    return decode(fetch(query), mapper);
  }

  /** Runs a query that returns at most one row. */
  <R extends Record, T> Optional<T> find(ResultQuery<R> query, Function<R, T> mapper) {
    return list(query, mapper).stream().findFirst();
  }

  /** Runs a hot query and maps its rows. */
  <T> ImmutableList<T> list(HotStatement.Values values, Function<StoredRow, T> mapper) {
    checkUsable();
    try {
      return values.list(connection.jdbc(), connections.errors(), mapper);
    } catch (IllegalArgumentException | InvalidArgumentException | DateTimeException e) {
      throw connections.errors().failure(e);
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    }
  }

  /** Runs a hot query that returns at most one row. */
  <T> Optional<T> find(HotStatement.Values values, Function<StoredRow, T> mapper) {
    return list(values, mapper).stream().findFirst();
  }

  /**
   * Maps rows to values of the domain.
   *
   * @throws StorageException if a row is not valid: another program changed the database
   */
  <R, T> ImmutableList<T> decode(Collection<R> rows, Function<R, T> mapper) {
    try {
      return rows.stream().map(mapper).collect(ImmutableList.toImmutableList());
    } catch (IllegalArgumentException | InvalidArgumentException | DateTimeException e) {
      throw connections.errors().failure(e);
    }
  }

  /**
   * Runs a hot change.
   *
   * @return number of changed rows
   * @throws ConstraintViolation if the schema forbids the change; nothing has changed then
   */
  @CanIgnoreReturnValue
  int run(HotStatement.Values values) {
    checkUsable();
    return values.run(connection.jdbc(), connections.errors());
  }

  /**
   * Makes a change with one or more statements.
   *
   * @throws StorageException if a statement breaks a constraint that {@code change} does not handle
   */
  void change(Runnable change) {
    boolean unused =
        compute(
            () -> {
              change.run();
              return true;
            });
  }

  /** Makes a change like {@link #change}, and returns its result. */
  <T> T compute(Supplier<T> change) {
    checkUsable();
    try {
      return change.get();
    } catch (ConstraintViolation e) {
      failure = e;
      throw connections.errors().failure(e);
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    }
  }

  /** Commits the transaction, which makes its changes durable. */
  void commit() {
    checkUsable();
    try {
      connection.jdbc().execute("COMMIT");
      state = State.ENDED;
    } catch (SQLException e) {
      StorageException failed = connections.errors().failure(e);
      // Whether SQLite has undone it depends on the error; closing the connection does. Where there
      // is no space, the connection is kept: another could not be opened, not even to read.
      state = failed instanceof NoSpaceException ? rollBack() : State.BROKEN;
      throw failed;
    }
  }

  @Override
  public void close() {
    if (state == State.CLOSED) {
      return;
    }
    if (state == State.OPEN) {
      state = rollBack();
    }
    if (state == State.BROKEN) {
      connections.discard(connection);
    } else {
      connections.giveBack(connection);
    }
    state = State.CLOSED;
  }

  private State rollBack() {
    try {
      connection.jdbc().execute("ROLLBACK");
      return State.ENDED;
    } catch (SQLException e) {
      return SqliteErrors.saysThatNoneIsActive(e) ? State.ENDED : State.BROKEN;
    }
  }

  private void checkUsable() {
    Preconditions.checkState(state == State.OPEN, "the transaction has ended");
    Preconditions.checkState(
        Thread.currentThread() == owner, "the transaction belongs to another thread");
    if (failure != null) {
      throw new IllegalStateException("the transaction has failed before", failure);
    }
  }
}
