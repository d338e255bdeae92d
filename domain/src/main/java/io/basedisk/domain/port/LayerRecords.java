package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.artifact.ChainId;
import io.basedisk.domain.model.artifact.Chunk;

/**
 * Changes to the bases as layers, in a {@link StoreTransaction}.
 *
 * <p>These records follow from digests. They are deleted with the base, and when the digest in its
 * fingerprint changes. A chain id is also deleted when the parent of the base changes, or when that
 * of a base below is deleted.
 */
public interface LayerRecords extends LayerView {

  /**
   * Records the chain id of a base and replaces an older one.
   *
   * @param base id of the base
   * @param chain the chain id
   * @throws io.basedisk.domain.error.NotFoundException if the base does not exist
   * @throws IllegalArgumentException if the base has no digest
   */
  void putChainId(BaseDiskId base, ChainId chain);

  /**
   * Records the chunks in which a base was packed and replaces older ones.
   *
   * @param base id of the base
   * @param chunks the chunks in their order
   * @throws io.basedisk.domain.error.NotFoundException if the base does not exist
   * @throws IllegalArgumentException if the base has no digest
   */
  void putChunks(BaseDiskId base, ImmutableList<Chunk> chunks);
}
