package io.basedisk.domain.port;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The durable record of bases, boxes, references and intents.
 *
 * <p>All access is in transactions. {@link #read} runs work on one consistent state. {@link #write}
 * and {@link #change} run work alone: no other write of any process happens between its first and
 * its last line. After they return, the changes survive a power cut. If the work throws, none of
 * its changes happens, and the caller gets the exception unchanged.
 *
 * <p>A store is thread-safe, and many processes can use the same data, each with its own store
 * object. Transactions do not nest: work that begins another transaction of the same store gets an
 * {@link IllegalStateException}. Use views, transactions and their parts only in the thread that
 * runs the work, and only until it ends; other uses are an {@link IllegalStateException} too.
 *
 * <h2>The life of the records</h2>
 *
 * <p>An operation writes to the store before it changes a file, and again when its files are
 * durable. After a crash, the records of the first transaction say what to roll forward or roll
 * back. The example follows box {@code web} from its first fork until its base is deleted. Each
 * block is one transaction.
 *
 * <p><b>Fork.</b> The intent comes first. It claims the box, the disk and the planned base, so that
 * no other operation uses them. If another intent has claimed one of them, {@code insert} throws.
 *
 * <pre>{@code
 * store.change(tx -> tx.intents().insert(fork));
 * }</pre>
 *
 * <p>Then the disk's file gets a second name in {@code bases/}, and an empty overlay replaces it as
 * the disk. When both are durable, one transaction records the base, the box if this is its first
 * fork, and the reference of its disk to the base, and deletes the intent. The disk's earlier base,
 * if any, becomes the parent of the new base, which keeps it.
 *
 * <pre>{@code
 * store.change(
 *     tx -> {
 *       tx.bases().insert(base);
 *       tx.bases().putFingerprint(base.id(), fingerprint);
 *       tx.boxes().insert(web);
 *       tx.references().put(new Reference(base.id(), web.id(), DiskSlot.CONTAINER));
 *       tx.intents().delete(fork.id());
 *     });
 * }</pre>
 *
 * <p><b>Clone.</b> The intent of a new box names the base, so that the garbage collector keeps the
 * base while the new disk is created. After the second transaction, the reference keeps it.
 *
 * <pre>{@code
 * store.change(tx -> tx.intents().insert(creation));
 *
 * store.change(
 *     tx -> {
 *       tx.boxes().insert(clone);
 *       tx.references().put(new Reference(base.id(), clone.id(), DiskSlot.CONTAINER));
 *       tx.intents().delete(creation.id());
 *     });
 * }</pre>
 *
 * <p><b>Remove.</b> Removing a snapshot only removes its name, because its base may still be
 * needed. Removing a box deletes its references first and its disks afterwards; the intent names
 * the bases until the disks are durably deleted. The transaction that ends a need of a base also
 * makes the base collect-pending, so that no unneeded base is forgotten after a crash.
 *
 * <pre>{@code
 * store.change(
 *     tx -> {
 *       tx.bases().demoteToCloneBase(base.id());
 *       tx.pendingDeletes().insertCollectPending(base.id());
 *     });
 *
 * store.change(
 *     tx -> {
 *       tx.intents().insert(removal);
 *       for (BaseDiskId unreferenced : tx.references().deleteOf(web.id())) {
 *         tx.pendingDeletes().insertCollectPending(unreferenced);
 *       }
 *       tx.boxes().delete(web.id());
 *     });
 *
 * store.change(tx -> tx.intents().delete(removal.id()));
 * }</pre>
 *
 * <p><b>Collect.</b> For each collect-pending base, the collector reads in one transaction what
 * needs the base: references, children, deleting children, intents, holds, its own name. If it is
 * needed, only the collect-pending record is deleted: the end of that need inserts it again. If it
 * is not needed, a deleting base replaces the records of the base. Its file is deleted after that
 * transaction. Until then its parent stays recorded, because the deleting base names it.
 *
 * <pre>{@code
 * store.change(
 *     tx -> {
 *       tx.bases().delete(base.id());
 *       tx.pendingDeletes().insert(new DeletingBase(base.id(), file, base.parentId()));
 *     });
 *
 * store.change(
 *     tx -> {
 *       tx.pendingDeletes().delete(base.id());
 *       tx.pendingDeletes().insertCollectPending(base.parentId());
 *     });
 * }</pre>
 *
 * <p><b>After a crash</b>, {@code intents().list()} returns the operations to settle, {@code
 * pendingDeletes().list()} the files to delete, and {@code pendingDeletes().listCollectPending()}
 * the bases to examine.
 *
 * <p>A transaction that makes one of these changes also appends it to the log, with {@code
 * log().append}. The first transaction of a fork or a clone does not: nothing has changed yet.
 *
 * <p>Each transaction of a home also ends with {@code home().countWrite(0)}. A {@link StampFile}
 * keeps the number outside the store, so that an older copy of the store is detected.
 *
 * <h2>Implementations</h2>
 *
 * <p>To implement a store, extend {@code BaseDiskStoreContract} in a test: it tests each sentence
 * of this contract, of {@link StoreView}, of {@link StoreTransaction} and of their parts. Any
 * failure that these do not name is a {@link io.basedisk.domain.error.StorageException}.
 */
public interface BaseDiskStore extends AutoCloseable {

  /** How many of many records one transaction reads or changes: other writers wait for its end. */
  int BATCH = 1_000;

  /**
   * Runs work on one consistent state and returns its result.
   *
   * @param <T> type of the result
   * @param work receives the state
   * @return the result of {@code work}
   */
  <T extends @Nullable Object> T read(Function<? super StoreView, ? extends T> work);

  /**
   * Runs work alone, makes its changes durable and returns its result.
   *
   * @param <T> type of the result
   * @param work receives the transaction
   * @return the result of {@code work}
   * @throws io.basedisk.domain.error.RefusedException if other writers keep the store busy for
   *     longer than its timeout, or the store {@link #isReadOnly}
   * @throws io.basedisk.domain.error.NoSpaceException if the file system has no space for the
   *     changes; none of them has happened
   */
  <T extends @Nullable Object> T write(Function<? super StoreTransaction, ? extends T> work);

  /**
   * Runs work without a result, as {@link #write} does.
   *
   * @param work receives the transaction
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
   * {@return whether the store is read-only, because of its file system or its permissions} If so,
   * every {@link #write} is refused.
   */
  default boolean isReadOnly() {
    return false;
  }

  /** Closes the store. All work in other threads must have ended. */
  @Override
  void close();
}
