package io.basedisk.qcow2.resize;

import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.RefcountGeometry;

/**
 * Where new clusters go at the end of a file, with the refcount structures that they need: first a
 * larger refcount table, if the old one has no entry for them, then missing refcount blocks, then
 * the content.
 *
 * @param first number of the first new host cluster
 * @param tableClusters number of clusters of the new refcount table; 0 if the old one stays
 * @param blocks number of new refcount blocks
 * @param contentClusters number of clusters for the caller
 */
record TailLayout(long first, long tableClusters, long blocks, long contentClusters) {

  /** Says whether the present refcount table leads to a refcount block. */
  @FunctionalInterface
  interface KnownBlocks {
    boolean has(long tableIndex);
  }

  /**
   * {@return the layout of new clusters from {@code first} on}
   *
   * @param tableEntries number of entries of the present refcount table
   */
  static TailLayout of(
      long first,
      long contentClusters,
      long tableEntries,
      ClusterGeometry geometry,
      RefcountGeometry refcounts,
      KnownBlocks known) {
    TailLayout layout = new TailLayout(first, 0, 0, contentClusters);
    while (true) {
      // The table and the blocks need refcounts too, so that one more of them may need another.
      long lastIndex = refcounts.tableIndex(layout.end() - 1);
      TailLayout next =
          new TailLayout(
              first,
              lastIndex < tableEntries
                  ? 0
                  : geometry.clusters(
                      Math.max(tableEntries + tableEntries / 2, lastIndex + 1) * Long.BYTES),
              missing(refcounts.tableIndex(first), lastIndex, known),
              contentClusters);
      if (next.equals(layout)) {
        return layout;
      }
      layout = next;
    }
  }

  private static long missing(long firstIndex, long lastIndex, KnownBlocks known) {
    long count = 0;
    for (long index = firstIndex; index <= lastIndex; index++) {
      count += known.has(index) ? 0 : 1;
    }
    return count;
  }

  /** {@return the number of the first new refcount block's cluster} */
  long firstBlock() {
    return first + tableClusters;
  }

  /** {@return the number of the first cluster for the caller} */
  long content() {
    return firstBlock() + blocks;
  }

  /** {@return one more than the number of the last new cluster} */
  long end() {
    return content() + contentClusters;
  }
}
