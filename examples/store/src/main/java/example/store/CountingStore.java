package example.store;

import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** A store that counts the writes of another one. Safe for many threads. */
public final class CountingStore implements BaseDiskStore {

  private final BaseDiskStore store;
  private final LongAdder writes = new LongAdder();

  public CountingStore(BaseDiskStore store) {
    this.store = store;
  }

  /** {@return how many writes were committed} */
  public long writes() {
    return writes.sum();
  }

  @Override
  public <T> T read(Function<? super StoreView, ? extends T> work) {
    return store.read(work);
  }

  @Override
  public <T> T write(Function<? super StoreTransaction, ? extends T> work) {
    T result = store.write(work);
    writes.increment();
    return result;
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
