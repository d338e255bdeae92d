package io.basedisk.cli;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.image.CompressionType;
import java.util.Arrays;

/** The names of compression types in QEMU's tools. */
final class CompressionName {

  private CompressionName() {}

  static CompressionType parse(String text) {
    return Arrays.stream(CompressionType.values())
        .filter(type -> type.label().equals(text))
        .findFirst()
        .orElseThrow(() -> new InvalidArgumentException("'" + text + "' is neither zlib nor zstd"));
  }
}
