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
 * A store on a full file system, opened read-only at first. Each write tries to open the store for
 * writing; after a success it stays open for writing. So reading works, and so do operations that
 * give up the reserve before they write.
 *
 * <p>Thread-safe.
 */
final class StoreOnFullFileSystem implements BaseDiskStore {

  private final Supplier<? extends BaseDiskStore> forReading;
  private final Supplier<? extends BaseDiskStore> forWriting;

  /** Locked for writing during the switch from one store to the other. */
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

  private BaseDiskStore store;
  private boolean canWrite;

  /**
   * @param forReading opens the store read-only; called at once
   * @param forWriting opens the store for writing; called before a write
   * @throws io.basedisk.domain.error.StorageException if the store can't be opened read-only either
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
      // Close first: closing it later would drop the locks that this process has on the file.
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
