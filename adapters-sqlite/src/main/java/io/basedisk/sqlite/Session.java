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
 * One transaction on one connection, for the thread that began it.
 *
 * <p>What was not committed when it is closed is undone. A connection on which that, or the commit,
 * fails is not used again.
 *
 * <p>A session is of no use after a failure. Some errors, such as a full disk, make SQLite undo the
 * transaction at once; what came then would be a transaction of its own, and durable.
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
   * Returns the way to run statements in this transaction. Those that fail throw what {@link
   * SqliteErrors} makes of it.
   *
   * @throws IllegalStateException if the transaction has failed, has ended, or belongs to another
   *     thread: the connection may serve somebody else by now
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

  /** Runs a query whose rows are records of the domain. */
  <R extends Record, T> ImmutableList<T> list(ResultQuery<R> query, Function<R, T> mapper) {
    return decode(fetch(query), mapper);
  }

  /** Runs a query that finds one row at most. */
  <R extends Record, T> Optional<T> find(ResultQuery<R> query, Function<R, T> mapper) {
    return list(query, mapper).stream().findFirst();
  }

  /** Runs a hot query whose rows are records of the domain. */
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

  /** Runs a hot query that finds one row at most. */
  <T> Optional<T> find(HotStatement.Values values, Function<StoredRow, T> mapper) {
    return list(values, mapper).stream().findFirst();
  }

  /**
   * Makes records of the domain from rows.
   *
   * @throws StorageException if a row is none: somebody else wrote to the database
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
   * @return how many rows it has changed
   * @throws ConstraintViolation if the schema forbids it; nothing has changed then
   */
  @CanIgnoreReturnValue
  int run(HotStatement.Values values) {
    checkUsable();
    return values.run(connection.jdbc(), connections.errors());
  }

  /**
   * Makes a change of one or more statements.
   *
   * @throws StorageException if one breaks a rule of the schema that {@code change} has no words
   *     for
   */
  void change(Runnable change) {
    boolean unused =
        compute(
            () -> {
              change.run();
              return true;
            });
  }

  /** Makes a change, as {@link #change} does, that has a result. */
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

  /** Makes the changes durable. */
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
