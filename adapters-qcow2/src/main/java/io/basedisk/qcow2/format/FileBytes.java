package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;

/** Where a parser gets the bytes of an image file from. */
@FunctionalInterface
public interface FileBytes {

  /**
   * Returns {@code length} bytes from {@code at} on, in a new big-endian buffer; what lies beyond
   * the end of the file reads as zeros.
   */
  ByteBuffer read(HostOffset at, int length);
}
