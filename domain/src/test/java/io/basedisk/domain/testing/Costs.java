package io.basedisk.domain.testing;

import com.google.common.base.VerifyException;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Counts what work asks of the store, the files and the images: one for each call, and one for each
 * element of a list that it gets or gives. Not safe for many threads.
 */
public final class Costs {

  private long sum;

  /** Returns the same ports, counted. */
  public BoundPorts count(BoundPorts ports) {
    return ports
        .withStore(new CountedStore(ports.store()))
        .withFiles(counted(DiskFiles.class, ports.files()))
        .withImages(counted(DiskImages.class, ports.images()));
  }

  /** Returns what {@code work} costs. */
  public long of(Runnable work) {
    long before = sum;
    work.run();
    return sum - before;
  }

  private <T> T counted(Class<T> port, T real) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass().isAssignableFrom(StoreTransaction.class)) {
                return countedPart(method.getReturnType(), method.invoke(real));
              }
              sum++;
              if (arguments != null && arguments.length > 0) {
                sum += sizeOf(arguments[0]);
              }
              try {
                Object result = method.invoke(real, arguments);
                sum += sizeOf(result);
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? new VerifyException(e) : e.getCause();
              }
            }));
  }

  private <T> T countedPart(Class<T> part, Object real) {
    return counted(part, part.cast(real));
  }

  private static long sizeOf(@Nullable Object value) {
    return value instanceof Collection<?> list ? list.size() : 0;
  }

  /** A store whose transactions are counted, and all that is asked in them. */
  private final class CountedStore implements BaseDiskStore {

    private final BaseDiskStore store;

    CountedStore(BaseDiskStore store) {
      this.store = store;
    }

    @Override
    public <T extends @Nullable Object> T read(Function<? super StoreView, ? extends T> work) {
      sum++;
      return store.read(view -> work.apply(counted(StoreView.class, view)));
    }

    @Override
    public <T extends @Nullable Object> T write(
        Function<? super StoreTransaction, ? extends T> work) {
      sum++;
      return store.write(tx -> work.apply(counted(StoreTransaction.class, tx)));
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
