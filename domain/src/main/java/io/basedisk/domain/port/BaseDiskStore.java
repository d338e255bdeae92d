package io.basedisk.domain.port;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The durable record of bases, boxes, references and intents.
 *
 * <p>Everything happens in a transaction. {@link #read} shows one consistent state to the work that
 * it is given. {@link #write} and {@link #change} run alone: no other write, of this process or of
 * another, happens between the first and the last line of the work. When they return, the changes
 * are durable: they survive a power cut. When the work throws, none of its changes has happened and
 * the exception reaches the caller as it is.
 *
 * <p>A store is shared by many threads and by many processes, each with a store object of its own
 * on the same data. Transactions do not nest: work that begins another transaction of the same
 * store gets an {@link IllegalStateException}. Views, transactions and their parts are for the
 * thread that runs the work and only until it ends; any other use is an {@link
 * IllegalStateException} too.
 *
 * <h2>The life of the records</h2>
 *
 * <p>An operation writes to the store before it touches a file, and again when its files are
 * durable. After a crash, the records of the first transaction say what to finish or to undo. The
 * example follows box {@code web} from its first fork until its base is deleted. Each block is one
 * transaction.
 *
 * <p><b>Fork.</b> The intent comes first. It claims the box, the disk and the planned base, so that
 * no other operation takes them. Where another intent has claimed one, {@code insert} throws.
 *
 * <pre>{@code
 * store.change(tx -> tx.intents().insert(fork));
 * }</pre>
 *
 * <p>Then the disk's file gets a second name in {@code bases/}, and an empty overlay replaces it as
 * the disk. When both are durable, the base is recorded, the box at its first fork, and that its
 * disk stands on the base now. The intent goes in the same transaction. An earlier base of the disk
 * is the parent of the new one, which keeps it.
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
 * base while the new disk is made. The second transaction hands that over to the reference.
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
 * <p><b>Remove.</b> To remove a snapshot takes its name only: its base may still be needed. To
 * remove a box takes its references first and then its disks; the intent names their bases until
 * the disks are durably gone. Whatever may have lost its last need becomes collect-pending in the
 * transaction that takes the need away, so that no crash leaves an unneeded base unnoticed.
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
 * <p><b>Collect.</b> For each collect-pending base, the collector asks in one transaction what
 * needs it: references, children, deleting children, intents, holds, its own name. If a record
 * needs it, the collect-pending record goes: the end of that need inserts it again. If nothing
 * does, the record of the base becomes a deleting base, its collect-pending record goes with it,
 * and only then its file is deleted. The parent keeps its record until then, because a deleting
 * base names it.
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
 * <p><b>After a crash</b>, {@code intents().list()} names the operations to settle, {@code
 * pendingDeletes().list()} the files to delete again, and {@code
 * pendingDeletes().listCollectPending()} the bases to look at.
 *
 * <p>Each transaction of a home also ends with {@code home().countWrite(0)}. The number is kept
 * outside the store as well, which tells an older copy of the store.
 *
 * <h2>Implementations</h2>
 *
 * <p>To implement a store, extend {@code BaseDiskStoreContract} in a test: it holds each sentence
 * of this contract, of {@link StoreView}, of {@link StoreTransaction} and of their parts. Any
 * failure that these do not name is a {@link io.basedisk.domain.error.StorageException}.
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
