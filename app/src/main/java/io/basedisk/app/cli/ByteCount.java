package io.basedisk.app.cli;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ByteSize;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of bytes as sizes are read, and which may be 0. */
final class ByteCount implements ITypeConverter<Long> {

  @Override
  public Long convert(String text) {
    try {
      return text.matches("0+[KMGTkmgt]?") ? 0 : ByteSize.parse(text).bytes();
    } catch (InvalidArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
