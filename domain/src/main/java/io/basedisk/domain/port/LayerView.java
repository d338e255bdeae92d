package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.artifact.ChainId;
import io.basedisk.domain.model.artifact.Chunk;
import java.util.Optional;

/** The bases in a {@link StoreView} as layers that travel between homes. */
public interface LayerView {

  /**
   * {@return the chain id of a base; empty if none was recorded}
   *
   * @param base id of the base
   */
  Optional<ChainId> findChainId(BaseDiskId base);

  /**
   * {@return the bases with a chain id: they read the same}
   *
   * @param chain the chain id
   */
  ImmutableList<BaseDisk> listByChainId(ChainId chain);

  /**
   * {@return the chunks in which a base was packed last, in their order; empty if none were
   * recorded}
   *
   * @param base id of the base
   */
  ImmutableList<Chunk> listChunks(BaseDiskId base);
}
