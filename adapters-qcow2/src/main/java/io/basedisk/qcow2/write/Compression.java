package io.basedisk.qcow2.write;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.qcow2.format.CompressionType;

/**
 * How to compress clusters.
 *
 * @param level how hard to try, in the terms of the type: 1 to 9 for zlib, 1 to 22 for zstd
 */
public record Compression(CompressionType type, int level) {

  public Compression {
    int most = mostLevel(type);
    if (level < 1 || level > most) {
      throw new InvalidArgumentException(
          type.label() + " has no compression level " + level + ": 1 to " + most + " are possible");
    }
  }

  /**
   * Returns the type with the level that serves best as a rule: for zlib one less than QEMU's,
   * since with our larger window it yields less than that already, in less time.
   */
  public static Compression of(CompressionType type) {
    return switch (type) {
      case ZLIB -> new Compression(type, 5);
      case ZSTD -> new Compression(type, 3);
    };
  }

  private static int mostLevel(CompressionType type) {
    return switch (type) {
      case ZLIB -> 9;
      case ZSTD -> 22;
    };
  }
}
