package io.basedisk.qcow2.format;

/**
 * What a subcluster of a standard cluster reads as.
 *
 * <p>Specification: "Extended L2 Entries", "Subcluster Allocation Bitmap".
 */
public enum SubclusterState {
  /** As the backing file, or zeros. */
  UNALLOCATED,
  /** As zeros. */
  ZERO,
  /** As its part of the host cluster. */
  ALLOCATED
}
