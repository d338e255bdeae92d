package io.basedisk.qcow2.format;

/**
 * How refcounts are laid out, and all arithmetic that follows from it.
 *
 * <p>Specification: "Host cluster management".
 *
 * @param clusterBits the binary logarithm of the cluster size
 * @param order the binary logarithm of the bits of a refcount, 0 to 6
 */
public record RefcountGeometry(int clusterBits, int order) {

  /** Returns the number of refcounts of a block, which fills one cluster. */
  public int blockEntries() {
    return 1 << blockBits();
  }

  /** Returns the index of the refcount table's entry for a host cluster. */
  public long tableIndex(long clusterNumber) {
    return clusterNumber >>> blockBits();
  }

  /** Returns the index of a host cluster's refcount in its block. */
  public int blockIndex(long clusterNumber) {
    return (int) (clusterNumber & (blockEntries() - 1));
  }

  private int blockBits() {
    return clusterBits + 3 - order;
  }
}
