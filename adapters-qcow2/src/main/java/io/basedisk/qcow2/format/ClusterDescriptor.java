package io.basedisk.qcow2.format;

/**
 * State of one guest cluster, as its L2 entry describes it.
 *
 * <p>Specification: "Cluster mapping", "Standard Cluster Descriptor", "Compressed Clusters
 * Descriptor"; "Extended L2 Entries".
 */
public sealed interface ClusterDescriptor {

  /** Reads from the backing file; without one, as zeros. */
  enum Unallocated implements ClusterDescriptor {
    /** The only value. */
    INSTANCE
  }

  /**
   * Reads as zeros.
   *
   * @param host the preallocated host cluster; nowhere without one
   */
  record Zero(HostOffset host) implements ClusterDescriptor {}

  /**
   * Reads from a host cluster.
   *
   * @param host offset of the host cluster, aligned to a cluster
   */
  record Standard(HostOffset host) implements ClusterDescriptor {}

  /**
   * An uncompressed cluster of an image with extended L2 entries: each subcluster has a state of
   * its own.
   *
   * @param host offset of the host cluster; nowhere without one
   * @param subclusters state of each subcluster
   */
  record Divided(HostOffset host, SubclusterBitmap subclusters) implements ClusterDescriptor {}

  /**
   * Reads as decompressed data.
   *
   * @param host offset of the compressed data, with no alignment
   * @param maxSize upper bound of the compressed data's size in bytes: from {@code host} to the end
   *     of its last sector, which may lie beyond the end of the file
   */
  record Compressed(HostOffset host, int maxSize) implements ClusterDescriptor {

    private static final long HOST_OFFSET_MASK = 0x00ff_ffff_ffff_ffffL;

    static Compressed of(long bits, ClusterGeometry geometry) throws FormatException {
      Compressed cluster = unchecked(bits, geometry);
      if ((cluster.host.bytes() & ~HOST_OFFSET_MASK) != 0) {
        throw new FormatException("compressed cluster at " + cluster.host + " is beyond 64 PiB");
      }
      return cluster;
    }

    static Compressed unchecked(long bits, ClusterGeometry geometry) {
      int offsetBits = offsetBits(geometry);
      HostOffset host = new HostOffset(bits & ((1L << offsetBits) - 1));
      int moreSectors = (int) (bits >>> offsetBits) & ((1 << (geometry.clusterBits() - 8)) - 1);
      int inSector = (int) host.bytes() & (ClusterGeometry.SECTOR_SIZE - 1);
      return new Compressed(host, (moreSectors + 1) * ClusterGeometry.SECTOR_SIZE - inSector);
    }

    /** {@return the descriptor bits for {@code size} bytes of compressed data at {@code host}} */
    static long encode(HostOffset host, int size, ClusterGeometry geometry) throws FormatException {
      int offsetBits = offsetBits(geometry);
      long last = host.bytes() + size - 1;
      if ((last & HOST_OFFSET_MASK) >>> offsetBits != 0 || (last & ~HOST_OFFSET_MASK) != 0) {
        throw new FormatException(
            "compressed cluster at " + host + " is beyond the format's reach");
      }
      long moreSectors =
          last / ClusterGeometry.SECTOR_SIZE - host.bytes() / ClusterGeometry.SECTOR_SIZE;
      return moreSectors << offsetBits | host.bytes();
    }

    private static int offsetBits(ClusterGeometry geometry) {
      return 62 - (geometry.clusterBits() - 8);
    }
  }
}
