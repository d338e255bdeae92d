package io.basedisk.domain.model.artifact;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;

/**
 * A layer as a store holds it.
 *
 * @param layer the layer
 * @param chunks its parts in the order of their content; together they have the layer's bytes
 */
public record PackedLayer(Layer layer, ImmutableList<Chunk> chunks) {

  /**
   * Checks the values.
   *
   * @param layer see {@link #layer}
   * @param chunks see {@link #chunks}
   * @throws IllegalArgumentException if the chunks don't have as many bytes as the layer
   */
  public PackedLayer {
    long sum = 0;
    for (Chunk chunk : chunks) {
      sum = Math.addExact(sum, chunk.contentBytes());
    }
    checkArgument(sum == layer.bytes(), "chunks of %s bytes for %s bytes", sum, layer.bytes());
  }

  /** {@return the number of compressed bytes} */
  public long blobBytes() {
    return chunks.stream().mapToLong(Chunk::blobBytes).sum();
  }
}
