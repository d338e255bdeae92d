package io.basedisk.qcow2.format;

/**
 * State of each of the 32 subclusters of a standard cluster.
 *
 * <p>Specification: "Extended L2 Entries", "Subcluster Allocation Bitmap".
 *
 * @param bits the upper 32 bits mean "reads as zeros", the lower 32 bits "allocated"
 */
public record SubclusterBitmap(long bits) {

  /**
   * Checks the bitmap of a cluster.
   *
   * @param host offset of the host cluster; nowhere without one
   */
  static SubclusterBitmap of(long bits, HostOffset host) throws FormatException {
    int allocated = (int) bits;
    int zero = (int) (bits >>> Integer.SIZE);
    if ((allocated & zero) != 0) {
      throw new FormatException("a subcluster is both allocated and zero");
    }
    if (allocated != 0 && host.isNowhere()) {
      throw new FormatException("a subcluster is allocated without a host cluster");
    }
    return new SubclusterBitmap(bits);
  }

  /**
   * {@return the state of a subcluster, 0 to 31}
   *
   * @param subcluster index of the subcluster
   */
  public SubclusterState state(int subcluster) {
    if ((bits >>> subcluster & 1) != 0) {
      return SubclusterState.ALLOCATED;
    }
    return (bits >>> (Integer.SIZE + subcluster) & 1) != 0
        ? SubclusterState.ZERO
        : SubclusterState.UNALLOCATED;
  }
}
