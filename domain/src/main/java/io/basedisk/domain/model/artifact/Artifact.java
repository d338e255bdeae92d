package io.basedisk.domain.model.artifact;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;

/**
 * A box's disk on its way to another home.
 *
 * @param box name of the box that was exported
 * @param virtualSize virtual size of its disk; the top layer's may be smaller
 * @param platform what the disk runs on
 * @param layers the layers, base first, 1 or more
 */
public record Artifact(
    BoxId box, ByteSize virtualSize, Platform platform, ImmutableList<PackedLayer> layers) {

  /**
   * Checks the values.
   *
   * @param box see {@link #box}
   * @param virtualSize see {@link #virtualSize}
   * @param platform see {@link #platform}
   * @param layers see {@link #layers}
   * @throws IllegalArgumentException if there is no layer
   */
  public Artifact {
    checkArgument(!layers.isEmpty(), "an artifact without layers");
  }

  /** {@return the chain id of each layer, in the order of the layers} */
  public ImmutableList<ChainId> chainIds() {
    ImmutableList.Builder<ChainId> ids = ImmutableList.builder();
    ChainId below = null;
    for (PackedLayer packed : layers) {
      below = ChainId.of(below, packed.layer().format(), packed.layer().digest());
      ids.add(below);
    }
    return ids.build();
  }
}
