package io.basedisk.domain.testing;

import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
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

  private final Data data;
  private final Set<Thread> busy = ConcurrentHashMap.newKeySet();

  /** Makes an empty store. */
  public InMemoryBaseDiskStore() {
    this(new Data(new InMemoryState()));
  }

  private InMemoryBaseDiskStore(Data data) {
    this.data = data;
  }

  /** Returns another store object on the same data, as another process would have it. */
  public InMemoryBaseDiskStore reopen() {
    return new InMemoryBaseDiskStore(data);
  }

  /** Returns a store with data of its own, which starts as what this one has now. */
  public InMemoryBaseDiskStore copy() {
    return new InMemoryBaseDiskStore(new Data(data.committed));
  }

  @Override
  public <T> T read(Function<? super StoreView, ? extends T> work) {
    return alone(
        () -> {
          try (InMemoryView view = new InMemoryView(data.committed)) {
            return work.apply(view);
          }
        });
  }

  @Override
  public <T> T write(Function<? super StoreTransaction, ? extends T> work) {
    return alone(
        () -> {
          data.writing.lock();
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
