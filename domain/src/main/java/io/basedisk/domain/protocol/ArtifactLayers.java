package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.artifact.ChainId;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.PackedLayer;

/**
 * What an import makes a box of: the lower layers are bases of the home, the upper ones are
 * missing.
 *
 * @param reused the layers that are here, base first
 * @param missing the layers to transfer, base first
 * @param virtualSize virtual size of the box's disk
 */
public record ArtifactLayers(
    ImmutableList<Reused> reused, ImmutableList<Missing> missing, ByteSize virtualSize) {

  /**
   * A layer that is here.
   *
   * @param layer the layer
   * @param base the base that it is
   */
  public record Reused(Layer layer, BaseDisk base) {}

  /**
   * A layer to transfer.
   *
   * @param packed the layer
   * @param chain its chain id
   */
  public record Missing(PackedLayer packed, ChainId chain) {

    /** {@return the layer} */
    public Layer layer() {
      return packed.layer();
    }
  }

  /** {@return the layers that are here and are snapshots of the artifact's box} */
  ImmutableList<Reused> reusedSnapshots() {
    return reused.stream()
        .filter(reused -> reused.layer().snapshot().isPresent())
        .collect(ImmutableList.toImmutableList());
  }

  /** {@return the number of bases that the import makes} */
  int newBases() {
    return missing.size() + reusedSnapshots().size();
  }
}
