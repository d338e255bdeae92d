package io.basedisk.domain.image;

import io.basedisk.domain.error.InvalidArgumentException;

/**
 * How to compress the clusters of a new qcow2 image.
 *
 * @param type the compression method
 * @param level 1 to 9 for zlib, 1 to 22 for zstd; a higher level takes longer and makes a smaller
 *     image
 */
public record Compression(CompressionType type, int level) {

  /**
   * Checks the values.
   *
   * @param type see {@link #type}
   * @param level see {@link #level}
   * @throws InvalidArgumentException if the level is out of the type's range
   */
  public Compression {
    int max = maxLevel(type);
    if (level < 1 || level > max) {
      throw new InvalidArgumentException(
          type.label() + " has compression levels from 1 to " + max + ", not " + level);
    }
  }

  /**
   * {@return the type with its recommended level} For zlib, this is one less than QEMU's: with
   * basedisk's larger window, it already makes a smaller image in less time.
   *
   * @param type the compression method
   */
  public static Compression of(CompressionType type) {
    return switch (type) {
      case ZLIB -> new Compression(type, 5);
      case ZSTD -> new Compression(type, 3);
    };
  }

  private static int maxLevel(CompressionType type) {
    return switch (type) {
      case ZLIB -> 9;
      case ZSTD -> 22;
    };
  }
}
