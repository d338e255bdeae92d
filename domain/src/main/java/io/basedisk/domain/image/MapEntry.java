package io.basedisk.domain.image;

import java.util.OptionalLong;

/**
 * A run of a disk as {@code qemu-img map} of QEMU 7.2 describes it.
 *
 * @param start where in the disk it starts, in bytes; 0 or more
 * @param length its bytes; 0 only for a disk of 0 bytes
 * @param depth the number of the layer that it comes from, counted from the top; 0 is the image
 * @param present whether that layer has it; if not, no layer has
 * @param zero whether it is known to read as zeros
 * @param data whether there is data for it in the layer's file, compressed or not
 * @param offset where in the layer's file it is, or has room, in bytes; empty if it has neither, or
 *     is compressed
 */
public record MapEntry(
    long start,
    long length,
    int depth,
    boolean present,
    boolean zero,
    boolean data,
    OptionalLong offset) {

  /** Returns where in the disk it ends. */
  public long end() {
    return start + length;
  }
}
