package io.basedisk.domain.port;

/**
 * One consistent state of the store, for reading in a transaction. It has a part for each kind of
 * record.
 *
 * <p>Lists of bases and boxes are ordered by time, newest first; if times are equal, the last
 * inserted comes first. Paths are compared as they were recorded, without resolving links. A
 * look-up by a key, or a list for one base or box, takes time proportional to its result, not to
 * the size of the store.
 *
 * <p>Use a part in its view's thread only, and not after the view's transaction.
 */
public interface StoreView {

  /** {@return the bases} */
  BaseView bases();

  /** {@return the bases as layers that travel between homes} */
  LayerView layers();

  /** {@return the entries of the rootfs cache} */
  RootfsView rootfs();

  /** {@return the boxes} */
  BoxView boxes();

  /** {@return the references from disks to bases} */
  ReferenceView references();

  /** {@return the intents of operations that are running or were interrupted} */
  IntentView intents();

  /** {@return the bases that may be unneeded, and those whose files must be deleted} */
  PendingDeleteView pendingDeletes();

  /** {@return the holds, which keep bases until a user releases them} */
  HoldView holds();

  /** {@return the records of the home as a whole} */
  HomeView home();

  /** {@return the log, which has the newest changes of the home's records} */
  LogView log();
}
