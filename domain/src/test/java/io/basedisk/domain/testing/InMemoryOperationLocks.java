package io.basedisk.domain.testing;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.OperationLocks;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The operation locks of one process on a home that exists in memory only; further processes on it
 * come from {@link #anotherProcess}, and each of them can {@link #die}.
 */
public final class InMemoryOperationLocks implements OperationLocks {

  private final Home home;

  /** Makes a home, and the first process on it. */
  public InMemoryOperationLocks() {
    this(new Home());
  }

  private InMemoryOperationLocks(Home home) {
    this.home = home;
  }

  /** Returns another process on the same home. */
  public InMemoryOperationLocks anotherProcess() {
    return new InMemoryOperationLocks(home);
  }

  /**
   * Ends this process as {@code kill -9} would: its locks are free, and what it still does with
   * those that it held has no effect. It then stands for the process that is started in its place.
   */
  public void die() {
    home.releaseAllOf(this);
  }

  /** Puts another home in the place of this one: no process that has opened it gets a lock. */
  public void replaceHome() {
    home.isReplaced = true;
  }

  @Override
  public Optional<Held> tryAcquire(OperationId id) {
    return home.tryAcquire(this, id);
  }

  @Override
  public Optional<Held> acquire(OperationId id, Duration timeout) {
    return home.acquire(this, id, timeout);
  }

  /** Who holds what. */
  private static final class Home {

    @GuardedBy("this")
    private final Map<OperationId, InMemoryHeld> held = new HashMap<>();

    private volatile boolean isReplaced;

    synchronized Optional<Held> tryAcquire(InMemoryOperationLocks process, OperationId id) {
      if (isReplaced) {
        throw new StorageException("lock " + id + ": the home was replaced while it was open");
      }
      InMemoryHeld lock = new InMemoryHeld(this, process, id);
      return held.putIfAbsent(id, lock) == null ? Optional.of(lock) : Optional.empty();
    }

    synchronized Optional<Held> acquire(
        InMemoryOperationLocks process, OperationId id, Duration timeout) {
      long deadline = System.nanoTime() + timeout.toNanos();
      Optional<Held> lock = tryAcquire(process, id);
      try {
        while (lock.isEmpty() && deadline - System.nanoTime() > 0) {
          TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
          lock = tryAcquire(process, id);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return lock;
    }

    synchronized void release(InMemoryHeld lock) {
      held.remove(lock.id, lock);
      notifyAll();
    }

    synchronized void releaseAllOf(InMemoryOperationLocks process) {
      held.values().removeIf(lock -> lock.process == process);
      notifyAll();
    }
  }

  /** A lock, equal to itself alone: so one that was closed, or died, does not release the next. */
  private static final class InMemoryHeld implements Held {

    private final Home home;
    private final InMemoryOperationLocks process;
    private final OperationId id;

    InMemoryHeld(Home home, InMemoryOperationLocks process, OperationId id) {
      this.home = home;
      this.process = process;
      this.id = id;
    }

    @Override
    public void close() {
      home.release(this);
    }

    @Override
    public String toString() {
      return "lock " + id;
    }
  }
}
