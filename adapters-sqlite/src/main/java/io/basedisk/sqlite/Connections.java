package io.basedisk.sqlite;

import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.error.RefusedException;
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
 * The connections of one store: opened when they are needed, kept for whoever is next.
 *
 * <p>A thread has at most one at a time, so those who wait for one don't wait for each other. To
 * open one costs more than a transaction: a store that one thread uses has one.
 */
final class Connections implements AutoCloseable {

  /** As many transactions run at once; more wait. */
  static final int LIMIT = 8;

  static {
    // Before jOOQ's first use, which would greet on the console.
    JooqLogger.globalThreshold(Log.Level.WARN);
  }

  private static final Settings SETTINGS =
      new Settings().withRenderSchema(false).withExecuteLogging(false).withAttachRecords(false);

  /** Renders statements without a connection. */
  static final DSLContext RENDERING = DSL.using(SQLDialect.SQLITE, SETTINGS);

  /** A connection, as JDBC and as jOOQ see it. */
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

  /** Brings the database to the current schema and keeps the connection that did so. */
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
   * Keeps a connection to a database that can't be changed; empty if it has an older schema.
   *
   * @throws io.basedisk.domain.error.StorageException if it is no database of basedisk
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

  /** What errors on these connections are to the port. */
  SqliteErrors errors() {
    return errors;
  }

  /**
   * Hands out a connection, which has to be given back or discarded.
   *
   * @throws RefusedException if all are in use for too long
   */
  PooledConnection take() {
    if (!Uninterruptibles.tryAcquireUninterruptibly(permits, database.patience())) {
      throw new RefusedException(database.name() + ": the store is busy: other threads use it");
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

  /** Takes back a connection that has no transaction open. */
  void giveBack(PooledConnection connection) {
    if (!pushIdle(connection)) {
      closeQuietly(connection);
    }
    permits.release();
  }

  /** Takes back a connection of which nothing is known: it is closed, which undoes what is open. */
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
    // Without settings at once, jOOQ would look for a file of them on the whole class path.
    DSLContext sql = DSL.using(jdbc, SQLDialect.SQLITE, SETTINGS);
    sql.configuration().set(() -> errors);
    return new PooledConnection(jdbc, sql);
  }

  /** What it was used for has ended well or badly before; there is nobody to tell. */
  private static void closeQuietly(PooledConnection connection) {
    try {
      connection.jdbc().close();
    } catch (SQLException e) {
      // The descriptors are gone all the same.
    }
  }
}
