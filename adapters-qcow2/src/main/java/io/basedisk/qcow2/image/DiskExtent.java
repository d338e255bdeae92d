package io.basedisk.qcow2.image;

import io.basedisk.qcow2.format.HostOffset;

/**
 * A run of a disk with one state in one layer.
 *
 * <p>Layers are numbered from the top: 0 is the disk's own file.
 */
public sealed interface DiskExtent {

  /** {@return the guest offset of the start, in bytes} */
  long start();

  /** {@return the length in bytes, at least 1} */
  long length();

  /** {@return the number of the layer that the content is from} */
  int layer();

  /** {@return the guest offset of the end, in bytes} */
  default long end() {
    return start() + length();
  }

  /** {@return whether the run is known to read as zeros, without a read} */
  boolean isZero();

  /**
   * Not allocated in any layer: reads as zeros.
   *
   * @param start guest offset of the first byte
   * @param length length in bytes
   * @param layer number of the lowest layer that reaches so far
   * @param host offset of the space preallocated in that layer's file; nowhere without one
   */
  record Hole(long start, long length, int layer, HostOffset host) implements DiskExtent {
    @Override
    public boolean isZero() {
      return true;
    }
  }

  /**
   * Marked as zeros in a layer.
   *
   * @param start guest offset of the first byte
   * @param length length in bytes
   * @param layer number of the layer, 0 for the top image
   * @param host offset of the space preallocated in that layer's file; nowhere without one
   */
  record Zero(long start, long length, int layer, HostOffset host) implements DiskExtent {
    @Override
    public boolean isZero() {
      return true;
    }
  }

  /**
   * Uncompressed bytes of a layer's file.
   *
   * @param start guest offset of the first byte
   * @param length length in bytes
   * @param layer number of the layer, 0 for the top image
   * @param host offset of the bytes in the file; in a raw file, {@code start}
   * @param inHole whether the bytes lie in a hole of the file, so that they read as zeros
   */
  record Data(long start, long length, int layer, HostOffset host, boolean inHole)
      implements DiskExtent {
    @Override
    public boolean isZero() {
      return inHole;
    }
  }

  /**
   * Compressed clusters of a layer, or parts of them.
   *
   * @param start guest offset of the first byte
   * @param length length in bytes
   * @param layer number of the layer, 0 for the top image
   */
  record Compressed(long start, long length, int layer) implements DiskExtent {
    @Override
    public boolean isZero() {
      return false;
    }
  }
}
