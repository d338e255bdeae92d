package io.basedisk.qcow2.write;

import java.nio.ByteBuffer;

/** The bytes of a disk that is being written to a new image. */
@FunctionalInterface
public interface GuestBytes {

  /**
   * Fills {@code target} with the disk's bytes from {@code offset} on. Many threads call it at
   * once, in any order.
   */
  void read(long offset, ByteBuffer target);
}
