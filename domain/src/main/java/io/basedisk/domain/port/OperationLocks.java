package io.basedisk.domain.port;

import io.basedisk.domain.model.OperationId;
import java.time.Duration;
import java.util.Optional;

/**
 * Who is alive: each operation holds the lock of its own id for as long as it runs.
 *
 * <p>A lock is exclusive among all threads of all processes that use the same home. It ends when it
 * is released, and when its process ends in whatever way: so an intent whose lock can be taken has
 * no owner. A home whose lock file was replaced since these locks were opened is another home by
 * now: to take a lock is a {@link io.basedisk.domain.error.StorageException} then. Implementations
 * are safe for many threads; a lock may be released by any of them. To implement one, extend {@code
 * OperationLocksContract} in a test.
 */
public interface OperationLocks {

  /**
   * Takes the lock of {@code id}, without waiting.
   *
   * @return the lock, or empty if somebody holds it
   */
  Optional<Held> tryAcquire(OperationId id);

  /**
   * Takes the lock of {@code id}, and waits for that up to {@code patience}.
   *
   * @return the lock, or empty if somebody still holds it then, or if the thread is interrupted;
   *     the interrupt then stays pending
   */
  Optional<Held> acquire(OperationId id, Duration patience);

  /** A lock that is held until it is closed; to close it again has no effect. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }
}
