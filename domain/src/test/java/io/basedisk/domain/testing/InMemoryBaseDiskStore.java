package io.basedisk.domain.testing;

import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A store that keeps everything in memory, for tests.
 *
 * <p>A committed state is never changed: a write works on a copy of it, which becomes the committed
 * state when the work is done. So a read takes no lock, and what a power cut leaves is the last
 * committed state. A copy costs time in proportion to the number of records: fast for the tens that
 * a test has, slow for many thousands.
 */
public final class InMemoryBaseDiskStore implements BaseDiskStore {

  /** Tests wait for each other's writes however busy the machine is. */
  private static final Duration DEFAULT_BOUND = Duration.ofHours(1);

  private final Data data;
  private final Duration bound;
  private final Set<Thread> busy = ConcurrentHashMap.newKeySet();

  /** Makes an empty store. */
  public InMemoryBaseDiskStore() {
    this(new Data(new InMemoryState()), DEFAULT_BOUND);
  }

  private InMemoryBaseDiskStore(Data data, Duration bound) {
    this.data = data;
    this.bound = bound;
  }

  /** Returns another store object on the same data, as another process would have it. */
  public InMemoryBaseDiskStore reopen() {
    return reopen(DEFAULT_BOUND);
  }

  /** Does the same; writes of the new store object wait no longer than {@code writeBound}. */
  public InMemoryBaseDiskStore reopen(Duration writeBound) {
    return new InMemoryBaseDiskStore(data, writeBound);
  }

  /** Returns a store with data of its own, which starts as what this one has now. */
  public InMemoryBaseDiskStore copy() {
    return new InMemoryBaseDiskStore(new Data(data.committed), bound);
  }

  @Override
  public <T> T read(Function<? super StoreView, ? extends T> work) {
    return alone(
        () -> {
          try (InMemoryTransaction view = new InMemoryTransaction(data.committed)) {
            return work.apply(view);
          }
        });
  }

  @Override
  public <T> T write(Function<? super StoreTransaction, ? extends T> work) {
    return alone(
        () -> {
          if (!Uninterruptibles.tryLockUninterruptibly(data.writing, bound)) {
            throw new RefusedException("the store is busy: others write to it");
          }
          try (InMemoryTransaction transaction =
              new InMemoryTransaction(new InMemoryState(data.committed))) {
            T result = work.apply(transaction);
            data.committed = transaction.state();
            return result;
          } finally {
            data.writing.unlock();
          }
        });
  }

  @Override
  public void close() {
    // Holds nothing.
  }

  private <T> T alone(Supplier<T> transaction) {
    if (!busy.add(Thread.currentThread())) {
      throw new IllegalStateException("a transaction of this store is under way in this thread");
    }
    try {
      return transaction.get();
    } finally {
      busy.remove(Thread.currentThread());
    }
  }

  /** What all store objects on the same data share. */
  private static final class Data {
    final ReentrantLock writing = new ReentrantLock(true);
    volatile InMemoryState committed;

    Data(InMemoryState committed) {
      this.committed = committed;
    }
  }
}
