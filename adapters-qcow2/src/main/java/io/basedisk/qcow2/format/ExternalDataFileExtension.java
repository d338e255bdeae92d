package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Name of the external data file, which holds the guest's data. {@link HeaderParser} refuses images
 * with one.
 *
 * <p>Specification: "Header extensions", "String header extensions".
 *
 * @param name name of the file
 */
public record ExternalDataFileExtension(String name) implements HeaderExtension {

  static final int TYPE = 0x44415441;

  static ExternalDataFileExtension parse(ByteBuffer data, FormatText.Reading names)
      throws FormatException {
    return new ExternalDataFileExtension(names.read("the external data file's name", data));
  }

  @Override
  public int type() {
    return TYPE;
  }

  @Override
  public ByteBuffer data() {
    return StandardCharsets.UTF_8.encode(name);
  }
}
