package io.basedisk.qcow2.file;

import static com.google.common.base.Preconditions.checkNotNull;

import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Operation locks as locked bytes of one empty file: the byte that an operation's id numbers.
 *
 * <p>All processes of a home have to lock the same file, so it is never replaced or removed. If it
 * was nevertheless, those that hold a lock on the old one are no longer seen; then asking fails,
 * for a live operation must not be taken for a dead one.
 */
public final class FileOperationLocks implements OperationLocks {

  // A lock of an open file description that can be waited for with a bound, the kernel has not.
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final OperatingSystem system;
  private final Path file;

  /** Which file it was when it was first there; null as long as it was not. */
  private @Nullable FileIdentity identity;

  private FileOperationLocks(OperatingSystem system, Path file, @Nullable FileIdentity identity) {
    this.system = system;
    this.file = file;
    this.identity = identity;
  }

  /**
   * Opens the locks of a home.
   *
   * @param file the file to lock; made, readable and writable by its owner alone, if there is none.
   *     Where it can't be made, on a read-only or full file system say, the first lock that is
   *     taken tries again.
   * @throws StorageException if it is not a regular file
   */
  public static FileOperationLocks open(OperatingSystem system, Path file) {
    checkNotNull(system);
    FileIdentity identity;
    try {
      createIfMissing(system, file);
      identity = identityOf(system, file);
    } catch (StorageException failure) {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw failure;
      }
      identity = null;
    }
    return new FileOperationLocks(system, file, identity);
  }

  private synchronized FileIdentity identity() {
    FileIdentity known = identity;
    if (known == null) {
      createIfMissing(system, file);
      known = identityOf(system, file);
      identity = known;
    }
    return known;
  }

  private static void createIfMissing(OperatingSystem system, Path file) {
    try {
      system.create(file).close();
    } catch (FileAlreadyExistsException e) {
      // Another process made it, now or long ago.
    } catch (IOException e) {
      throw Failure.of("create " + file, e);
    }
  }

  private static FileIdentity identityOf(OperatingSystem system, Path file) {
    Optional<FileStatus> status;
    try {
      status = system.status(file);
    } catch (IOException e) {
      throw Failure.of("look at " + file, e);
    }
    if (status.isEmpty() || !status.get().isRegularFile()) {
      throw Failure.of("lock in " + file, "not a regular file");
    }
    return status.get().identity();
  }

  @Override
  public Optional<Held> tryAcquire(OperationId id) {
    String step = "lock byte " + id + " of " + file;
    FileIdentity expected = identity();
    try {
      Optional<Closeable> lock = system.tryLock(file, id.value());
      requireSameFile(step, expected, lock);
      return lock.map(taken -> () -> release(id, taken));
    } catch (IOException e) {
      throw Failure.of(step, e);
    }
  }

  /**
   * Takes the locks of all ids at once, without waiting: as long as they are held, no operation can
   * begin or be settled.
   *
   * @return the locks, or empty if an operation is under way
   */
  public Optional<Held> tryAcquireAll() {
    String step = "lock " + file;
    FileIdentity expected = identity();
    try {
      Optional<Closeable> lock = system.tryLockAll(file);
      requireSameFile(step, expected, lock);
      return lock.map(
          taken ->
              () -> {
                try {
                  taken.close();
                } catch (IOException e) {
                  throw Failure.of("release " + file, e);
                }
              });
    } catch (IOException e) {
      throw Failure.of(step, e);
    }
  }

  @Override
  public Optional<Held> acquire(OperationId id, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    Optional<Held> lock = tryAcquire(id);
    long pause = FIRST_PAUSE_NANOS;
    while (lock.isEmpty() && deadline - System.nanoTime() > 0 && sleep(pause)) {
      lock = tryAcquire(id);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
    return lock;
  }

  /** Returns whether the pause was not cut short by an interrupt, which stays pending. */
  private static boolean sleep(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void requireSameFile(String step, FileIdentity expected, Optional<Closeable> lock)
      throws IOException {
    boolean same =
        system.status(file).map(FileStatus::identity).filter(expected::equals).isPresent();
    if (!same) {
      StorageException failure =
          Failure.of(step, "the home was replaced while it was open; open it again");
      if (lock.isPresent()) {
        lock.get().close();
      }
      throw failure;
    }
  }

  private void release(OperationId id, Closeable lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw Failure.of("release byte " + id + " of " + file, e);
    }
  }
}
