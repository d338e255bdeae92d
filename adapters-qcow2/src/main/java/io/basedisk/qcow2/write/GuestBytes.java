package io.basedisk.qcow2.write;

import java.nio.ByteBuffer;

/** Source of the guest's bytes for a new image. */
@FunctionalInterface
public interface GuestBytes {

  /**
   * Fills {@code target} with the disk's bytes from {@code offset} on. Must be thread-safe: many
   * threads call it at once, in any order.
   *
   * @param offset guest offset of the first byte
   * @param target the buffer to fill, from its position to its limit
   */
  void read(long offset, ByteBuffer target);
}
