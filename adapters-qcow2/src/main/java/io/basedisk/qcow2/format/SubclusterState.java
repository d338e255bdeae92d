package io.basedisk.qcow2.format;

/**
 * State of a subcluster of a standard cluster.
 *
 * <p>Specification: "Extended L2 Entries", "Subcluster Allocation Bitmap".
 */
public enum SubclusterState {
  /** Reads from the backing file; without one, as zeros. */
  UNALLOCATED,
  /** Reads as zeros. */
  ZERO,
  /** Reads from its part of the host cluster. */
  ALLOCATED
}
