package io.basedisk.domain.port;

/**
 * One consistent state of the store, to be read within a transaction: a part for each sort of
 * record.
 *
 * <p>Lists of bases and of boxes are newest first and, of equal times, the later insertion first.
 * Each look-up by a key, and each list of what belongs to one base or box, costs time in proportion
 * to its result and not to the size of the store.
 *
 * <p>A part is for the same thread as its view, and ends with it.
 */
public interface StoreView {

  /** Returns the bases. */
  BaseView bases();

  /** Returns what the rootfs cache knows of its bases. */
  RootfsView rootfs();

  /** Returns the boxes. */
  BoxView boxes();

  /** Returns which base each disk of a box needs. */
  ReferenceView references();

  /** Returns the operations that are under way, or were interrupted. */
  IntentView intents();

  /** Returns the bases that may go, and those that are going. */
  PendingDeleteView pendingDeletes();

  /** Returns what else keeps bases. */
  HoldView holds();

  /** Returns the records of the home as a whole. */
  HomeView home();
}
