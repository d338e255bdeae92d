package io.basedisk.oci.artifact;

import io.basedisk.domain.model.artifact.Chunk;

/**
 * How layers are packed. The result depends on the level and on the size of the chunks alone, never
 * on the number of threads.
 *
 * @param chunkBytes content of a chunk in bytes, for a layer of up to {@link #MAX_CHUNKS} of them
 * @param level level of zstd
 * @param threads number of threads that compress
 */
record Packing(long chunkBytes, int level, int threads) {

  /** Limit of a layer's chunks, as long as larger chunks are possible. */
  static final int MAX_CHUNKS = 1024;

  private static final long CHUNK_BYTES = 64L << 20;

  /** A disk of an installed system: level 3 makes it 12 % smaller, and takes 2.5 times as long. */
  private static final int LEVEL = 1;

  private static final int MAX_THREADS = 16;

  /** {@return what every user of the library gets} */
  static Packing standard() {
    return new Packing(
        CHUNK_BYTES, LEVEL, Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors()));
  }

  /**
   * {@return the content of a layer's chunks in bytes} A long layer has larger ones, so that its
   * manifest stays small.
   *
   * @param layerBytes length of the layer
   */
  long chunkBytesOf(long layerBytes) {
    long bytes = chunkBytes;
    while (bytes < Chunk.MAX_CONTENT_BYTES && layerBytes / bytes >= MAX_CHUNKS) {
      bytes *= 2;
    }
    return Math.min(bytes, Chunk.MAX_CONTENT_BYTES);
  }
}
