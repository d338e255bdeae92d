package io.basedisk.domain.model.artifact;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * A part of a layer as a store holds it: compressed, and decompressed without the other parts.
 *
 * @param blob digest of the compressed bytes, by which the store finds them
 * @param blobBytes number of compressed bytes, 1 or more
 * @param content digest of the part of the layer
 * @param contentBytes length of the part in bytes, 1 or more
 */
public record Chunk(Sha256 blob, long blobBytes, Sha256 content, long contentBytes) {

  /** Limit of {@link #contentBytes}: 512 MiB. */
  public static final long MAX_CONTENT_BYTES = 512L << 20;

  /**
   * Checks the values.
   *
   * @param blob see {@link #blob}
   * @param blobBytes see {@link #blobBytes}
   * @param content see {@link #content}
   * @param contentBytes see {@link #contentBytes}
   * @throws IllegalArgumentException if a number is out of range
   */
  public Chunk {
    checkArgument(blobBytes > 0, "a blob can't have %s bytes", blobBytes);
    checkArgument(
        contentBytes > 0 && contentBytes <= MAX_CONTENT_BYTES,
        "a chunk can't have %s bytes",
        contentBytes);
  }
}
