package io.basedisk.sqlite;

import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jooq.DSLContext;
import org.jooq.Log;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jooq.tools.JooqLogger;
import org.jspecify.annotations.Nullable;

/**
 * The pool of connections of one store. A connection is opened when a thread needs one and no idle
 * one is left.
 *
 * <p>A thread has at most one connection at a time, so threads that wait for one can't deadlock.
 * Opening a connection costs more than a transaction, so the pool keeps idle ones.
 */
final class Connections implements AutoCloseable {

  /** The most transactions that run at once; others wait. */
  static final int LIMIT = 8;

  static {
    // Must run before the first use of jOOQ, which prints a greeting otherwise.
    JooqLogger.globalThreshold(Log.Level.WARN);
  }

  private static final Settings SETTINGS =
      new Settings().withRenderSchema(false).withExecuteLogging(false).withAttachRecords(false);

  /** Renders statements without a connection. */
  static final DSLContext RENDERING = DSL.using(SQLDialect.SQLITE, SETTINGS);

  /** {@return jOOQ on a connection to the database of another program} */
  static DSLContext plain(Connection connection) {
    return DSL.using(connection, SQLDialect.SQLITE, SETTINGS);
  }

  /** A connection with its two interfaces, JDBC and jOOQ. */
  record PooledConnection(StatementCachingConnection jdbc, DSLContext sql) {}

  private final Database database;
  private final SqliteErrors errors;
  private final Semaphore permits = new Semaphore(LIMIT, true);
  private final Deque<PooledConnection> idle = new ArrayDeque<>();
  private boolean closed;

  private Connections(Database database) {
    this.database = database;
    this.errors = new SqliteErrors(database);
  }

  /** Opens a pool, and migrates the database to the current schema first. */
  static Connections open(Database database) {
    Connections connections = new Connections(database);
    try {
      connections.idle.push(connections.pooled(Schema.open(database)));
    } catch (SQLException e) {
      throw connections.errors.of(e);
    }
    return connections;
  }

  /**
   * Opens a pool on a database that can't be changed. Empty if the database has an older schema.
   *
   * @throws io.basedisk.domain.error.StorageException if the file is not a database of basedisk
   */
  static Optional<Connections> openCurrent(Database database) {
    Connections connections = new Connections(database);
    try {
      Optional<Connection> connection = Schema.openCurrent(database);
      connection.ifPresent(current -> connections.idle.push(connections.pooled(current)));
      return connection.map(current -> connections);
    } catch (SQLException e) {
      throw connections.errors.of(e);
    }
  }

  /** {@return the translation of SQLite's errors on these connections} */
  SqliteErrors errors() {
    return errors;
  }

  /**
   * Takes a connection out of the pool. Give it back, or discard it.
   *
   * @throws RefusedException if no connection becomes idle before the timeout
   */
  PooledConnection take() {
    if (!Uninterruptibles.tryAcquireUninterruptibly(permits, database.timeout())) {
      throw new RefusedException(
          database.name() + ": the store is busy: other threads use it", new Remedy.Repeat());
    }
    try {
      PooledConnection kept = pollIdle();
      return kept != null ? kept : pooled(database.connect());
    } catch (SQLException e) {
      permits.release();
      throw errors.of(e);
    } catch (RuntimeException | Error e) {
      permits.release();
      throw e;
    }
  }

  /** Puts a connection, without an open transaction, back into the pool. */
  void giveBack(PooledConnection connection) {
    if (!pushIdle(connection)) {
      closeQuietly(connection);
    }
    permits.release();
  }

  /** Closes a connection in an unknown state. Closing it rolls back an open transaction. */
  void discard(PooledConnection connection) {
    closeQuietly(connection);
    permits.release();
  }

  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(Connections::closeQuietly);
    idle.clear();
  }

  private synchronized @Nullable PooledConnection pollIdle() {
    if (closed) {
      throw new IllegalStateException(database.name() + ": the store is closed");
    }
    return idle.poll();
  }

  private synchronized boolean pushIdle(PooledConnection connection) {
    if (!closed) {
      idle.push(connection);
    }
    return !closed;
  }

  private PooledConnection pooled(Connection connection) {
    StatementCachingConnection jdbc = new StatementCachingConnection(connection);
    // Without explicit settings, jOOQ searches the whole class path for a settings file.
    DSLContext sql = DSL.using(jdbc, SQLDialect.SQLITE, SETTINGS);
    sql.configuration().set(() -> errors);
    return new PooledConnection(jdbc, sql);
  }

  /** Ignores a failure: the transaction has ended before, so no caller can use the error. */
  private static void closeQuietly(PooledConnection connection) {
    try {
      connection.jdbc().close();
    } catch (SQLException e) {
      // The file descriptors are closed nevertheless.
    }
  }
}
