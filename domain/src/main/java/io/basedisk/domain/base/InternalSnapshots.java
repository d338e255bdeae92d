package io.basedisk.domain.base;

/**
 * What to do if a disk with internal snapshots or bitmaps is made a base: overlays of the base do
 * not show them.
 */
public enum InternalSnapshots {
  /** Refuse the disk. */
  REFUSE,
  /**
   * Let the base keep them until it is removed. They do not show in its overlays: neither in the
   * forked disk, nor in clones or restored disks.
   */
  LEAVE_IN_BASE
}
