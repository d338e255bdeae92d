package io.basedisk.domain.image;

import java.util.OptionalLong;

/**
 * A run of a disk, as in {@code qemu-img map} of QEMU 7.2.
 *
 * @param start guest offset of the run, in bytes
 * @param length length in bytes; 0 only for a disk of 0 bytes
 * @param depth number of the layer that the run is from, counted from the top; 0 is the image
 * @param present whether that layer has the run allocated; if not, no layer has
 * @param zero whether the run is known to read as zeros
 * @param data whether the layer's file holds data for the run, compressed or not
 * @param offset offset of the data or of preallocated space in the layer's file, in bytes; empty
 *     without either, and for compressed data
 */
public record MapEntry(
    long start,
    long length,
    int depth,
    boolean present,
    boolean zero,
    boolean data,
    OptionalLong offset) {

  /** {@return the guest offset of the end, in bytes} */
  public long end() {
    return start + length;
  }
}
