package io.basedisk.domain.testing;

import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.util.function.Consumer;
import java.util.function.Function;

/** A store that tells before each write, so that a test can make it fail or stop there. */
public final class SteppedStore implements BaseDiskStore {

  private final BaseDiskStore store;
  private final Consumer<String> beforeStep;

  /**
   * @param beforeStep is told before each write; it may throw in its place
   */
  public SteppedStore(BaseDiskStore store, Consumer<String> beforeStep) {
    this.store = store;
    this.beforeStep = beforeStep;
  }

  @Override
  public <T> T read(Function<? super StoreView, ? extends T> work) {
    return store.read(work);
  }

  @Override
  public <T> T write(Function<? super StoreTransaction, ? extends T> work) {
    beforeStep.accept("write to the store");
    return store.write(work);
  }

  @Override
  public void close() {
    store.close();
  }
}
