package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The backing file's format, by its name in QEMU. An empty name means that the format is not known.
 *
 * <p>Specification: "Header extensions", "String header extensions".
 *
 * @param format the format's name in QEMU
 */
public record BackingFormatExtension(String format) implements HeaderExtension {

  static final int TYPE = 0xe2792aca;

  static BackingFormatExtension parse(ByteBuffer data, FormatText.Reading names)
      throws FormatException {
    return new BackingFormatExtension(names.read("the backing format", data));
  }

  @Override
  public int type() {
    return TYPE;
  }

  @Override
  public ByteBuffer data() {
    return StandardCharsets.UTF_8.encode(format);
  }
}
