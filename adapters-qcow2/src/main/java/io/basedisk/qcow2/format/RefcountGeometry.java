package io.basedisk.qcow2.format;

/**
 * Layout of the refcount table and blocks, and all index arithmetic that follows from it.
 *
 * <p>Specification: "Host cluster management".
 *
 * @param clusterBits binary logarithm of the cluster size, 9 to 21
 * @param order binary logarithm of a refcount's width in bits, 0 to 6
 */
public record RefcountGeometry(int clusterBits, int order) {

  /** {@return the number of refcounts in a block, which fills one cluster} */
  public int blockEntries() {
    return 1 << blockBits();
  }

  /**
   * {@return the index, in the refcount table, of the entry for a host cluster}
   *
   * @param clusterNumber number of the host cluster, from 0
   */
  public long tableIndex(long clusterNumber) {
    return clusterNumber >>> blockBits();
  }

  /**
   * {@return the index, in its refcount block, of a host cluster's refcount}
   *
   * @param clusterNumber number of the host cluster, from 0
   */
  public int blockIndex(long clusterNumber) {
    return (int) (clusterNumber & (blockEntries() - 1));
  }

  private int blockBits() {
    return clusterBits + 3 - order;
  }
}
