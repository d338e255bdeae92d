package io.basedisk.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.RefusedException;
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
 * <p>The database is in WAL mode, so readers and the writer don't wait for each other, and {@code
 * synchronous} is {@code FULL}, so a write that returned is on the disk. A read is a deferred
 * transaction: its snapshot is that of its first look-up. A write is a {@code BEGIN IMMEDIATE}: it
 * has SQLite's one write lock from its first line on. SQLite hands that lock to whoever happens to
 * ask at the right moment, so the threads of one store first queue up for a fair lock of their own.
 *
 * <p>Beside the database are SQLite's own {@code -wal} and {@code -shm} files while it is open, and
 * an empty file {@code -migration-lock} (see {@link Schema}). A file system that can't do WAL mode,
 * as most network file systems can't, is refused.
 */
public final class SqliteBaseDiskStore implements BaseDiskStore {

  /** How long {@link #open(Path)} lets a transaction wait. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(30);

  /**
   * The most bytes that the real path of a database file may have. SQLite opens paths of 504 bytes:
   * it has room for 512, and keeps 8 for the suffixes that it appends. The lock of the migration is
   * the longest path that it opens here.
   */
  public static final int MAX_PATH_BYTES = 504 - Schema.LOCK_SUFFIX.length();

  /** The version of the schema that a store has once it is open. */
  public static final int SCHEMA_VERSION = Schema.VERSION;

  private final Path file;
  private final Duration patience;
  private final Connections connections;
  private final @Nullable ReadOnlyConnections readOnly;
  private final ReentrantLock writing = new ReentrantLock(true);
  private final Set<Thread> threadsAtWork = ConcurrentHashMap.newKeySet();

  private SqliteBaseDiskStore(Database database, Connections connections) {
    this.file = database.file();
    this.patience = database.patience();
    this.connections = connections;
    this.readOnly = null;
  }

  private SqliteBaseDiskStore(Path file, Duration patience, ReadOnlyConnections readOnly) {
    this.file = file;
    this.patience = patience;
    this.connections = readOnly.connections();
    this.readOnly = readOnly;
  }

  /**
   * Opens the store in {@code databaseFile}, which is made if it does not exist; its directory must
   * exist. Where it can't be written to, it is opened as by {@link #openForReading}.
   *
   * @throws InvalidArgumentException if its real path has more than {@link #MAX_PATH_BYTES} bytes;
   *     nothing is made then
   * @throws io.basedisk.domain.error.NoSpaceException if there is no space left, which SQLite needs
   *     to read too
   * @throws io.basedisk.domain.error.StorageException if the file is not a database of basedisk, or
   *     one of a newer version of it (the file is left as it is then), or on an I/O error
   * @throws RefusedException if others who migrate the database take too long
   */
  public static SqliteBaseDiskStore open(Path databaseFile) {
    return open(databaseFile, DEFAULT_PATIENCE);
  }

  /**
   * Opens the store in {@code databaseFile}.
   *
   * @param patience how long a transaction waits for other threads, and how long then for other
   *     processes, before it gives up with a {@link RefusedException}
   * @see #open(Path)
   */
  public static SqliteBaseDiskStore open(Path databaseFile, Duration patience) {
    Database database = new Database(databaseFile.toAbsolutePath(), patience);
    requireShort(database.file());
    try {
      return new SqliteBaseDiskStore(database, Connections.open(database));
    } catch (StorageException | RefusedException e) {
      if (!isReadOnly(database)) {
        throw e;
      }
      return openForReading(database.file(), patience);
    }
  }

  /**
   * Opens the store in {@code databaseFile} so that it can only be read, and nothing is written to
   * its file system: if need be, a copy of it in a private temporary directory is opened. It shows
   * the store as it is now.
   *
   * <p>In this process no store that is open may write to the file: to read a file drops the locks
   * that the process has on it.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such file
   * @throws StorageException if it is not a database of basedisk, or one of a newer version of it
   * @throws RefusedException if others go on changing it
   */
  public static SqliteBaseDiskStore openForReading(Path databaseFile) {
    return openForReading(databaseFile.toAbsolutePath(), DEFAULT_PATIENCE);
  }

  private static SqliteBaseDiskStore openForReading(Path file, Duration patience) {
    return new SqliteBaseDiskStore(file, patience, ReadOnlyConnections.open(file, patience));
  }

  /** Finds out by trying: what a mount says is not all that there is. */
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

  /** Returns the path that SQLite will use, or the file itself where it will fail anyway. */
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

  /** Not interruptible: an operation that was interrupted still has to drop its intent. */
  private void awaitOtherThreads() {
    if (!Uninterruptibles.tryLockUninterruptibly(writing, patience)) {
      throw new RefusedException(file + ": the store is busy: other threads write to it");
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
