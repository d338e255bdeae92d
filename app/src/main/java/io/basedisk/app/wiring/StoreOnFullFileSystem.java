package io.basedisk.app.wiring;

import static com.google.common.base.Preconditions.checkState;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that could not be opened for writing since its file system is full: it is opened for
 * reading alone. Each write tries again to open it for writing, and once that succeeds it stays so.
 * Thus reading works, and so does what gives up the reserve before it writes.
 *
 * <p>Safe for many threads.
 */
final class StoreOnFullFileSystem implements BaseDiskStore {

  private final Supplier<? extends BaseDiskStore> forReading;
  private final Supplier<? extends BaseDiskStore> forWriting;

  /** Held for writing while the one store takes the place of the other. */
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

  private BaseDiskStore store;
  private boolean canWrite;

  /**
   * @param forReading opens the store so that it can only be read; done at once
   * @param forWriting opens the store
   * @throws io.basedisk.domain.error.StorageException if it can't be read either
   */
  StoreOnFullFileSystem(
      Supplier<? extends BaseDiskStore> forReading, Supplier<? extends BaseDiskStore> forWriting) {
    this.forReading = forReading;
    this.forWriting = forWriting;
    this.store = forReading.get();
  }

  @Override
  public <T extends @Nullable Object> T read(Function<? super StoreView, ? extends T> work) {
    lock.readLock().lock();
    try {
      return store.read(work);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public <T extends @Nullable Object> T write(
      Function<? super StoreTransaction, ? extends T> work) {
    checkState(lock.getReadHoldCount() == 0, "a transaction is under way in this thread");
    makeWritable();
    lock.readLock().lock();
    try {
      return store.write(work);
    } finally {
      lock.readLock().unlock();
    }
  }

  private void makeWritable() {
    lock.writeLock().lock();
    try {
      if (canWrite) {
        return;
      }
      // First: to close it later would drop the locks that this process has on the file.
      store.close();
      try {
        store = forWriting.get();
        canWrite = true;
      } catch (BaseDiskException stillNot) {
        store = forReading.get();
        throw stillNot;
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public boolean isReadOnly() {
    return canWrite && store.isReadOnly();
  }

  @Override
  public void close() {
    store.close();
  }
}
