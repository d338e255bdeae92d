package io.basedisk.domain.model;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;

/**
 * The upper layers of a chain that are to become one.
 *
 * @param chain the whole chain, the disk itself first, each image backing onto the next
 * @param kept the number of the layer that the new one is to back onto, counted from the disk,
 *     which is 0: at least 1, and in the chain
 */
public record LayerMerge(ImmutableList<ChainFile> chain, int kept) {

  public LayerMerge {
    Preconditions.checkArgument(
        kept > 0 && kept < chain.size(), "no layer %s in a chain of %s", kept, chain.size());
  }

  /** Returns the layer that the new one is to back onto. */
  public ChainFile backing() {
    return chain.get(kept);
  }
}
