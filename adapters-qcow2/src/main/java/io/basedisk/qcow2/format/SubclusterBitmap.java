package io.basedisk.qcow2.format;

/**
 * What each of the 32 subclusters of a standard cluster reads as.
 *
 * <p>Specification: "Extended L2 Entries", "Subcluster Allocation Bitmap".
 *
 * @param bits 32 bits that say "reads as zeros" above 32 that say "is allocated"
 */
public record SubclusterBitmap(long bits) {

  /**
   * Checks the bitmap of a cluster.
   *
   * @param host where the cluster is, if anywhere
   */
  static SubclusterBitmap of(long bits, HostOffset host) throws FormatException {
    int allocated = (int) bits;
    int zero = (int) (bits >>> Integer.SIZE);
    if ((allocated & zero) != 0) {
      throw new FormatException("a subcluster is both allocated and zero");
    }
    if (allocated != 0 && host.isNowhere()) {
      throw new FormatException("a subcluster is allocated nowhere");
    }
    return new SubclusterBitmap(bits);
  }

  /** Returns what the subcluster of that number, 0 to 31, reads as. */
  public SubclusterState state(int subcluster) {
    if ((bits >>> subcluster & 1) != 0) {
      return SubclusterState.ALLOCATED;
    }
    return (bits >>> (Integer.SIZE + subcluster) & 1) != 0
        ? SubclusterState.ZERO
        : SubclusterState.UNALLOCATED;
  }
}
