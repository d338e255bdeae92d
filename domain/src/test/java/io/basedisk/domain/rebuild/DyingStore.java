package io.basedisk.domain.rebuild;

import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A store whose process dies at the end of each write, just before the commit. */
record DyingStore(BaseDiskStore store) implements BaseDiskStore {

  /** The death of the process. */
  static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public <T extends @Nullable Object> T read(Function<? super StoreView, ? extends T> work) {
    return store.read(work);
  }

  @Override
  public <T extends @Nullable Object> T write(
      Function<? super StoreTransaction, ? extends T> work) {
    return store.write(
        tx -> {
          Object unused = work.apply(tx);
          throw new Death();
        });
  }

  @Override
  public void close() {
    store.close();
  }
}
