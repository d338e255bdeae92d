package io.basedisk.qcow2.format;

/**
 * What an L2 entry says of a guest cluster.
 *
 * <p>Specification: "Cluster mapping", "Standard Cluster Descriptor", "Compressed Clusters
 * Descriptor"; "Extended L2 Entries".
 */
public sealed interface ClusterDescriptor {

  /** Reads as the backing file, or zeros. */
  enum Unallocated implements ClusterDescriptor {
    INSTANCE
  }

  /**
   * Reads as zeros.
   *
   * @param host a host cluster that is preallocated for it; nowhere if none is
   */
  record Zero(HostOffset host) implements ClusterDescriptor {}

  /**
   * Reads as a host cluster.
   *
   * @param host where that starts, aligned to a cluster
   */
  record Standard(HostOffset host) implements ClusterDescriptor {}

  /**
   * A cluster of an image with extended L2 entries that is not compressed.
   *
   * @param host where its host cluster starts; nowhere if it has none
   * @param subclusters what each part reads as
   */
  record Divided(HostOffset host, SubclusterBitmap subclusters) implements ClusterDescriptor {}

  /**
   * Reads as what the data here decompresses to.
   *
   * @param host where the data starts; at any byte
   * @param maxSize the bytes of the sectors that the data lies in, from {@code host} on: it may end
   *     before, and the file may
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

    /** Returns the bits that say where data of {@code size} bytes is. */
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
