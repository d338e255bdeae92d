package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;

/** Source of the bytes of an image file, for parsers. */
@FunctionalInterface
public interface FileBytes {

  /**
   * {@return {@code length} bytes from {@code at} on, in a new big-endian buffer} Bytes beyond the
   * end of the file read as zeros.
   *
   * @param at offset of the first byte
   * @param length number of bytes
   */
  ByteBuffer read(HostOffset at, int length);
}
