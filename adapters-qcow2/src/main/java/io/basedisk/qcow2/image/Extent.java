package io.basedisk.qcow2.image;

import io.basedisk.qcow2.format.ClusterDescriptor;
import io.basedisk.qcow2.format.HostOffset;

/** A run of guest bytes that one layer says one thing of. */
sealed interface Extent {

  /** Returns its bytes, at least 1. */
  long length();

  /** Returns the first {@code length} bytes of it, or all of it if it is not longer. */
  Extent upTo(long length);

  /**
   * The layer says nothing: the next one does.
   *
   * @param host where the layer's file has room for it nevertheless; nowhere if it has none
   */
  record Unallocated(HostOffset host, long length) implements Extent {
    @Override
    public Extent upTo(long limit) {
      return length <= limit ? this : new Unallocated(host, limit);
    }
  }

  /**
   * Zeros.
   *
   * @param host where the layer's file has room for it nevertheless; nowhere if it has none
   */
  record Zero(HostOffset host, long length) implements Extent {
    @Override
    public Extent upTo(long limit) {
      return length <= limit ? this : new Zero(host, limit);
    }
  }

  /**
   * Bytes of the layer's file, as they are.
   *
   * @param host where they start
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
   * @param skipped the bytes of the cluster before them
   */
  record Compressed(ClusterDescriptor.Compressed cluster, int skipped, long length)
      implements Extent {
    @Override
    public Extent upTo(long limit) {
      return length <= limit ? this : new Compressed(cluster, skipped, limit);
    }
  }
}
