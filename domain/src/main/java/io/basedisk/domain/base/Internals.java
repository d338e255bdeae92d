package io.basedisk.domain.base;

/**
 * What becomes of the snapshots and bitmaps inside a disk's image when the disk is made a base: the
 * overlays of a base have none.
 */
public enum Internals {
  /** A disk that has any is refused. */
  REFUSE,
  /**
   * The base keeps them, and they go with it. Its overlays don't show them: to the disk that was
   * forked, and to each that is cloned or restored, they are gone.
   */
  LEAVE_IN_BASE
}
