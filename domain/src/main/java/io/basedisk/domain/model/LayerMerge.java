package io.basedisk.domain.model;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;

/**
 * A merge of the upper layers of a chain.
 *
 * @param chain the whole chain, the disk first; each image backs onto the next
 * @param kept number of the layer that becomes the backing file, counted from the disk, which is 0;
 *     at least 1, and less than the length of the chain
 */
public record LayerMerge(ImmutableList<ChainFile> chain, int kept) {

  /**
   * Checks the values.
   *
   * @param chain see {@link #chain}
   * @param kept see {@link #kept}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public LayerMerge {
    Preconditions.checkArgument(
        kept > 0 && kept < chain.size(),
        "layer %s can't be kept in a chain of %s",
        kept,
        chain.size());
  }

  /** {@return the layer that becomes the backing file of the merged layer} */
  public ChainFile backing() {
    return chain.get(kept);
  }
}
