package io.basedisk.qcow2.image;

import io.basedisk.qcow2.format.HostOffset;

/**
 * A run of a disk that one layer of its chain says one thing of.
 *
 * <p>Layers are numbered from the top: 0 is the disk's own file.
 */
public sealed interface DiskExtent {

  /** Returns where in the disk it starts. */
  long start();

  /** Returns its bytes, at least 1. */
  long length();

  /** Returns the number of the layer. */
  int layer();

  /** Returns where in the disk it ends. */
  default long end() {
    return start() + length();
  }

  /** Returns whether it is known to read as zeros without looking at its bytes. */
  boolean isZero();

  /**
   * No layer has anything here: it reads as zeros.
   *
   * @param layer the last layer that goes so far
   * @param host where that layer's file has room for it nevertheless; nowhere if it has none
   */
  record Hole(long start, long length, int layer, HostOffset host) implements DiskExtent {
    @Override
    public boolean isZero() {
      return true;
    }
  }

  /**
   * A layer says that here are zeros.
   *
   * @param host where that layer's file has room for it nevertheless; nowhere if it has none
   */
  record Zero(long start, long length, int layer, HostOffset host) implements DiskExtent {
    @Override
    public boolean isZero() {
      return true;
    }
  }

  /**
   * Bytes of a layer's file, as they are.
   *
   * @param host where in the file they start; in a raw file, at {@code start}
   * @param inHole whether the file is known to have a hole there, so that it reads as zeros
   */
  record Data(long start, long length, int layer, HostOffset host, boolean inHole)
      implements DiskExtent {
    @Override
    public boolean isZero() {
      return inHole;
    }
  }

  /** Compressed clusters of a layer, or parts of them. */
  record Compressed(long start, long length, int layer) implements DiskExtent {
    @Override
    public boolean isZero() {
      return false;
    }
  }
}
