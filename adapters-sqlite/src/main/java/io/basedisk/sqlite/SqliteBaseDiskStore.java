package io.basedisk.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store in an SQLite database, which any number of threads and processes share.
 *
 * <p>The database is in WAL mode, so readers and the writer don't wait for each other. {@code
 * synchronous} is {@code FULL}, so a write is durable on return. A read is a deferred transaction:
 * its snapshot is the state at its first query. A write is a {@code BEGIN IMMEDIATE}, which takes
 * SQLite's single write lock at once. SQLite's lock is not fair, so the threads of one store first
 * queue for a fair lock of the store.
 *
 * <p>Thread-safe.
 *
 * <p>While the database is open, SQLite's {@code -wal} and {@code -shm} files are beside it. An
 * empty file {@code -migration-lock} is always there (see {@link Schema}). A file system without
 * support for WAL mode is refused; most network file systems are such.
 */
public final class SqliteBaseDiskStore implements BaseDiskStore {

  /** How long a transaction waits after {@link #open(Path)}. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /**
   * Limit of the length of a database file's real path, in bytes. SQLite opens paths of up to 504
   * bytes: it has room for 512 and reserves 8 for its suffixes. The longest path here is that of
   * the migration lock.
   */
  public static final int MAX_PATH_BYTES = 504 - Schema.LOCK_SUFFIX.length();

  /** The schema version of an open store. */
  public static final int SCHEMA_VERSION = Schema.VERSION;

  private final Path file;
  private final Duration timeout;
  private final Connections connections;
  private final @Nullable ReadOnlyConnections readOnly;
  private final ReentrantLock writing = new ReentrantLock(true);
  private final Set<Thread> threadsAtWork = ConcurrentHashMap.newKeySet();

  private SqliteBaseDiskStore(Database database, Connections connections) {
    this.file = database.file();
    this.timeout = database.timeout();
    this.connections = connections;
    this.readOnly = null;
  }

  private SqliteBaseDiskStore(Path file, Duration timeout, ReadOnlyConnections readOnly) {
    this.file = file;
    this.timeout = timeout;
    this.connections = readOnly.connections();
    this.readOnly = readOnly;
  }

  /**
   * Opens a store. Creates the database if it does not exist. If the file can't be written to, this
   * does the same as {@link #openForReading}.
   *
   * @param databaseFile path of the database; its directory must exist
   * @return the open store, for the caller to close
   * @throws InvalidArgumentException if its real path has more than {@link #MAX_PATH_BYTES} bytes;
   *     nothing is created then
   * @throws io.basedisk.domain.error.NoSpaceException if the file system has no space left. SQLite
   *     needs space for reading too
   * @throws io.basedisk.domain.error.StorageException if the file is not a database of basedisk or
   *     has a newer version (the file stays unchanged), or on an I/O error
   * @throws RefusedException if another process migrates the database and the timeout ends first
   */
  public static SqliteBaseDiskStore open(Path databaseFile) {
    return open(databaseFile, DEFAULT_TIMEOUT);
  }

  /**
   * Opens a store with a timeout, like {@link #open(Path)} otherwise.
   *
   * @param databaseFile path of the database; its directory must exist
   * @param timeout how long a transaction waits for other threads, and then again for other
   *     processes. If it ends, the transaction throws a {@link RefusedException}
   * @return the open store, for the caller to close
   */
  public static SqliteBaseDiskStore open(Path databaseFile, Duration timeout) {
    Database database = new Database(databaseFile.toAbsolutePath(), timeout);
    requireShort(database.file());
    try {
      return new SqliteBaseDiskStore(database, Connections.open(database));
    } catch (StorageException | RefusedException e) {
      if (!isReadOnly(database)) {
        throw e;
      }
      return openForReading(database.file(), timeout);
    }
  }

  /**
   * Opens a store read-only, and writes nothing to its file system. If necessary, this opens a copy
   * in a private temporary directory. The result shows the present state, without later changes.
   *
   * <p>No open store of this process may write to the file: reading the file drops the locks that
   * the process has on it.
   *
   * @param databaseFile path of the database
   * @return the open store, for the caller to close
   * @throws io.basedisk.domain.error.NotFoundException if the file does not exist
   * @throws StorageException if the file is not a database of basedisk or has a newer version
   * @throws RefusedException if other processes keep changing it
   */
  public static SqliteBaseDiskStore openForReading(Path databaseFile) {
    return openForReading(databaseFile.toAbsolutePath(), DEFAULT_TIMEOUT);
  }

  private static SqliteBaseDiskStore openForReading(Path file, Duration timeout) {
    return new SqliteBaseDiskStore(file, timeout, ReadOnlyConnections.open(file, timeout));
  }

  /** Tries to write, since the options of the mount are not the only reason for a failure. */
  private static boolean isReadOnly(Database database) {
    return switch (WriteAccess.beside(database.file())) {
      case READ_ONLY_FILE_SYSTEM, NO_PERMISSION -> true;
      case GRANTED, NO_SPACE, UNKNOWN -> false;
    };
  }

  private static void requireShort(Path file) {
    int length = realPath(file).toString().getBytes(UTF_8).length;
    if (length > MAX_PATH_BYTES) {
      throw new InvalidArgumentException(
          file + ": the path has " + length + " bytes; SQLite can open at most " + MAX_PATH_BYTES);
    }
  }

  /**
   * {@return the path that SQLite will use} If the path can't be resolved, SQLite will fail and
   * report it, so this returns the file itself.
   */
  private static Path realPath(Path file) {
    try {
      return file.resolveSibling("").toRealPath().resolve(file.getFileName());
    } catch (IOException e) {
      return file;
    }
  }

  @Override
  public <T extends @Nullable Object> T read(Function<? super StoreView, ? extends T> work) {
    return notNested(
        () -> {
          try (Session session = Session.begin(connections, "BEGIN DEFERRED")) {
            return work.apply(new SqliteTransaction(session));
          }
        });
  }

  @Override
  public <T extends @Nullable Object> T write(
      Function<? super StoreTransaction, ? extends T> work) {
    return notNested(
        () -> {
          refuseIfReadOnly();
          awaitOtherThreads();
          try (Session session = Session.begin(connections, "BEGIN IMMEDIATE")) {
            T result = work.apply(new SqliteTransaction(session));
            session.commit();
            return result;
          } finally {
            writing.unlock();
          }
        });
  }

  @Override
  public boolean isReadOnly() {
    return readOnly != null || !Files.isWritable(file);
  }

  private void refuseIfReadOnly() {
    if (readOnly != null) {
      throw new RefusedException(SqliteErrors.readOnly(file, file));
    }
  }

  @Override
  public void close() {
    if (readOnly == null) {
      connections.close();
    } else {
      readOnly.close();
    }
  }

  /** Not interruptible, since an interrupted operation still has to drop its intent. */
  private void awaitOtherThreads() {
    if (!Uninterruptibles.tryLockUninterruptibly(writing, timeout)) {
      throw new RefusedException(
          file + ": the store is busy: other threads write to it", new Remedy.Repeat());
    }
  }

  private <T extends @Nullable Object> T notNested(Supplier<? extends T> transaction) {
    if (!threadsAtWork.add(Thread.currentThread())) {
      throw new IllegalStateException("a transaction of this store is under way in this thread");
    }
    try {
      return transaction.get();
    } finally {
      threadsAtWork.remove(Thread.currentThread());
    }
  }
}
