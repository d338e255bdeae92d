package io.basedisk.app.cli;

import io.basedisk.qcow2.format.CompressionType;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a compression as QEMU's tools have it. */
final class CompressionName implements ITypeConverter<CompressionType> {

  @Override
  public CompressionType convert(String text) {
    return Arrays.stream(CompressionType.values())
        .filter(type -> type.label().equals(text))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException("'" + text + "' is neither zlib nor zstd"));
  }
}
