package io.basedisk.domain.home;

import io.basedisk.domain.error.NoSpaceException;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.SpaceReserve;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets operations that free space succeed on a full file system. While a thread runs such an
 * operation, a write to the store that finds no space gives up the reserve and is tried again once.
 *
 * <p>The write is repeated and not the operation: the operation may have taken steps before, and a
 * write that failed has done nothing. Safe for many threads.
 */
public final class FreeingSpace {

  /** What one operation of one thread has done so far. */
  private static final class Run {
    private boolean gaveUp;
  }

  private final SpaceReserve reserve;
  private final Map<Thread, Run> runs = new ConcurrentHashMap<>();

  public FreeingSpace(SpaceReserve reserve) {
    this.reserve = reserve;
  }

  /** Runs an operation that frees space; then, if it needed the reserve, keeps one again. */
  public <T> T run(Supplier<T> operation) {
    Thread thread = Thread.currentThread();
    Run run = new Run();
    if (runs.putIfAbsent(thread, run) != null) {
      // A part of another one, which keeps the reserve again at its end.
      return operation.get();
    }
    try {
      return operation.get();
    } finally {
      runs.remove(thread);
      if (run.gaveUp) {
        reserve.keep();
      }
    }
  }

  /** Keeps a reserve if there is none and there is space for it. */
  public void keepReserve() {
    reserve.keep();
  }

  /** Returns a store whose writes use the reserve in the threads that free space. */
  public BaseDiskStore over(BaseDiskStore store) {
    return new ReservedStore(store);
  }

  private final class ReservedStore implements BaseDiskStore {

    private final BaseDiskStore store;

    ReservedStore(BaseDiskStore store) {
      this.store = store;
    }

    @Override
    public <T extends @Nullable Object> T read(Function<? super StoreView, ? extends T> work) {
      return store.read(work);
    }

    @Override
    public <T extends @Nullable Object> T write(
        Function<? super StoreTransaction, ? extends T> work) {
      try {
        return store.write(work);
      } catch (NoSpaceException full) {
        Run run = runs.get(Thread.currentThread());
        if (run == null) {
          throw full;
        }
        // Also where it is gone: another process may have given it up just now.
        reserve.giveUp();
        run.gaveUp = true;
        return store.write(work);
      }
    }

    @Override
    public boolean isReadOnly() {
      return store.isReadOnly();
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
