package io.basedisk.domain.home;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.model.StoreStamp;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StampFile;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.port.Unguarded;
import java.util.Optional;
import java.util.function.Function;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * A store that is written to only while its home may be changed, and whose writes are counted in
 * the stamp: before the commit as pending, after it as committed. In a thread that frees space, a
 * write may use the reserve. Reads go through as they are.
 *
 * <p>Each write reads the stamp again, so that a database that is replaced under a running process
 * is noticed. Safe for many threads and processes.
 */
public final class GuardedStore implements BaseDiskStore {

  private final BaseDiskStore store;
  private final StampFile stamp;
  private final HomeGate gate;
  private final FreeingSpace freeing;

  @Inject
  GuardedStore(
      @Unguarded BaseDiskStore store, StampFile stamp, HomeGate gate, FreeingSpace freeing) {
    this.store = store;
    this.stamp = stamp;
    this.gate = gate;
    this.freeing = freeing;
  }

  /** The result of a write and its number. */
  private record Written<T extends @Nullable Object>(T result, long number) {}

  @Override
  public <T extends @Nullable Object> T read(Function<? super StoreView, ? extends T> work) {
    return store.read(work);
  }

  @Override
  public <T extends @Nullable Object> T write(
      Function<? super StoreTransaction, ? extends T> work) {
    return freeing.<T>write(() -> writeOnce(work));
  }

  private <T extends @Nullable Object> T writeOnce(
      Function<? super StoreTransaction, ? extends T> work) {
    gate.requireChangeable();
    Written<T> written =
        store.write(
            tx -> {
              requireCurrent(tx);
              T result = work.apply(tx);
              long number = tx.home().countWrite(0);
              stamp.write(new StoreStamp(number, false));
              return new Written<T>(result, number);
            });
    noteCommitted(written.number());
    return written.result();
  }

  private void requireCurrent(StoreView view) {
    Optional<StoreStamp> stamped = stamp.read();
    if (stamped.isPresent() && stamped.get().isAheadOf(view.home().writeNumber())) {
      throw gate.foundOlder(stamped.get(), view.home().writeNumber());
    }
  }

  /**
   * A failure here is ignored: the write is committed. A pending stamp with the store's number is
   * enough to tell that the store is current.
   */
  private void noteCommitted(long number) {
    try {
      stamp.write(new StoreStamp(number, true));
    } catch (BaseDiskException failure) {
      return;
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
