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
 * Operation locks: each locks one byte of an empty file, at the offset of the operation's id.
 *
 * <p>All processes of a home lock the same file, so basedisk never replaces or removes it. If the
 * file was replaced all the same, locks on the old file are invisible. Every method then fails: a
 * live operation must not look dead.
 */
public final class FileOperationLocks implements OperationLocks {

  // Polling, because the kernel can't wait with a timeout for a lock of an open file description.
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final OperatingSystem system;
  private final Path file;

  /** Identity of the file when it was first seen; null until then. */
  private @Nullable FileIdentity identity;

  private FileOperationLocks(OperatingSystem system, Path file, @Nullable FileIdentity identity) {
    this.system = system;
    this.file = file;
    this.identity = identity;
  }

  /**
   * Opens the locks of a home.
   *
   * @param system the system calls to use
   * @param file the file to lock. If it does not exist, this creates it for its owner alone. If
   *     that fails, for example on a full file system, the first lock tries again.
   * @return the locks
   * @throws StorageException if {@code file} is not a regular file
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
      // It exists already.
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
   * Takes the locks of all ids at once, without waiting. While they are held, no operation can
   * begin, be rolled back or rolled forward.
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
  public Optional<Held> acquire(OperationId id, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    Optional<Held> lock = tryAcquire(id);
    long pause = FIRST_PAUSE_NANOS;
    while (lock.isEmpty() && deadline - System.nanoTime() > 0 && sleep(pause)) {
      lock = tryAcquire(id);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
    return lock;
  }

  /** Sleeps, and returns false if interrupted; the interrupt stays pending. */
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
