package io.basedisk.domain.port;

import io.basedisk.domain.model.OperationId;
import java.time.Duration;
import java.util.Optional;

/**
 * Locks that show which operations are alive: each operation holds the lock of its own id while it
 * runs.
 *
 * <p>A lock is exclusive among all threads of all processes that use the same home. It ends when it
 * is closed or its process ends. If the lock of an intent can be taken, its operation is dead. If
 * the home's lock file was replaced after these locks were opened, taking a lock is a {@link
 * io.basedisk.domain.error.StorageException}. Implementations are thread-safe; any thread may
 * release a lock. To implement one, extend {@code OperationLocksContract} in a test.
 */
public interface OperationLocks {

  /**
   * Takes the lock of an operation without waiting.
   *
   * @param id id of the operation
   * @return the lock; empty if it is held
   */
  Optional<Held> tryAcquire(OperationId id);

  /**
   * Takes the lock of an operation and waits for it if necessary.
   *
   * @param id id of the operation
   * @param timeout maximum time to wait
   * @return the lock; empty after the timeout, or if the thread is interrupted, whose interrupt
   *     status then stays set
   */
  Optional<Held> acquire(OperationId id, Duration timeout);

  /** A lock that is held until it is closed. A second close has no effect. */
  interface Held extends AutoCloseable {

    /** Releases the lock. */
    @Override
    void close();
  }
}
