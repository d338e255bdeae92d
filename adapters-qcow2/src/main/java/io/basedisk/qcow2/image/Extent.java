package io.basedisk.qcow2.image;

import io.basedisk.qcow2.format.ClusterDescriptor;
import io.basedisk.qcow2.format.HostOffset;

/** A run of guest bytes with one state in one layer. */
sealed interface Extent {

  /** {@return the length in bytes, at least 1} */
  long length();

  /** {@return this extent, cut to at most {@code length} bytes} */
  Extent upTo(long length);

  /**
   * Not allocated in this layer: reads from the next layer.
   *
   * @param host offset of the preallocated space in the layer's file; nowhere without one
   * @param length length in bytes
   */
  record Unallocated(HostOffset host, long length) implements Extent {
    @Override
    public Extent upTo(long limit) {
      return length <= limit ? this : new Unallocated(host, limit);
    }
  }

  /**
   * Reads as zeros.
   *
   * @param host offset of the preallocated space in the layer's file; nowhere without one
   * @param length length in bytes
   */
  record Zero(HostOffset host, long length) implements Extent {
    @Override
    public Extent upTo(long limit) {
      return length <= limit ? this : new Zero(host, limit);
    }
  }

  /**
   * Uncompressed bytes of the layer's file.
   *
   * @param host offset of the bytes in the layer's file
   * @param length length in bytes
   */
  record Data(HostOffset host, long length) implements Extent {
    @Override
    public Extent upTo(long limit) {
      return length <= limit ? this : new Data(host, limit);
    }
  }

  /**
   * Bytes of a compressed cluster.
   *
   * @param cluster position and size of the compressed data
   * @param skipped distance in bytes from the start of the cluster
   * @param length length in bytes
   */
  record Compressed(ClusterDescriptor.Compressed cluster, int skipped, long length)
      implements Extent {
    @Override
    public Extent upTo(long limit) {
      return length <= limit ? this : new Compressed(cluster, skipped, limit);
    }
  }
}
