package io.basedisk.domain.port;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The durable record of bases, boxes, references and intents.
 *
 * <p>Everything happens in a transaction. {@link #read} shows one consistent state to the work that
 * it is given. {@link #write} runs alone: no other write, of this process or of another, happens
 * between its first and its last line. When {@code write} returns, what it did is durable: it
 * survives a power cut. When the work throws, nothing of it has happened and the exception reaches
 * the caller as it is.
 *
 * <p>A store is shared by many threads and by many processes, each with a store object of its own
 * on the same data. Transactions do not nest: work that calls {@code read} or {@code write} of the
 * same store gets an {@link IllegalStateException}. Views and transactions are for the thread that
 * runs the work and only until it ends; any other use is an {@link IllegalStateException} too.
 *
 * <p>An example, from the protocol of a fork. The three changes happen together or not at all:
 *
 * <pre>{@code
 * store.write(
 *     tx -> {
 *       tx.insertBase(base);
 *       tx.putReference(new Reference(base.id(), box, DiskSlot.CONTAINER));
 *       tx.removeIntent(intent.id());
 *       return null;
 *     });
 * }</pre>
 *
 * <p>To implement one, extend {@code BaseDiskStoreContract} in a test: it holds each sentence of
 * this contract, of {@link StoreView} and of {@link StoreTransaction}. Any failure that these do
 * not name is a {@link io.basedisk.domain.error.StorageException}.
 */
public interface BaseDiskStore extends AutoCloseable {

  /** Runs {@code work} on one consistent state and returns its result. */
  <T extends @Nullable Object> T read(Function<? super StoreView, ? extends T> work);

  /**
   * Runs {@code work} alone, makes its changes durable and returns its result.
   *
   * @throws io.basedisk.domain.error.RefusedException if other writers did not let it begin within
   *     the store's own bound, or if the store {@link #isReadOnly}
   * @throws io.basedisk.domain.error.NoSpaceException if there is no space left for its changes;
   *     nothing of it has happened then
   */
  <T extends @Nullable Object> T write(Function<? super StoreTransaction, ? extends T> work);

  /**
   * Runs {@code work}, which has no result, as {@link #write} does.
   *
   * @throws io.basedisk.domain.error.RefusedException as {@link #write}
   * @throws io.basedisk.domain.error.NoSpaceException as {@link #write}
   */
  default void change(Consumer<? super StoreTransaction> work) {
    this.<@Nullable Void>write(
        tx -> {
          work.accept(tx);
          return null;
        });
  }

  /**
   * Returns whether the store can only be read: its file system is read-only, or this user may not
   * write to it. Each {@link #write} is refused then.
   */
  default boolean isReadOnly() {
    return false;
  }

  /** Releases what the store holds. Work under way in other threads must have ended. */
  @Override
  void close();
}
