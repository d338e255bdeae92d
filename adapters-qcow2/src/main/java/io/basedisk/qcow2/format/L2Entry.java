package io.basedisk.qcow2.format;

/**
 * An entry of an L2 table: the mapping of one guest cluster.
 *
 * <p>Specification: "Cluster mapping", "L2 table entry"; "Extended L2 Entries". Reserved bits are
 * kept. As in QEMU, nothing but a check looks at them.
 *
 * @param bits the first 64 bits
 * @param subclusters the second 64 bits of an extended entry; 0 for a standard entry
 */
public record L2Entry(long bits, long subclusters) {

  private static final long ZERO = 1;

  /** The standard entry for a cluster that reads as zeros and has no host cluster. */
  public static final L2Entry ZERO_CLUSTER = new L2Entry(ZERO, 0);

  private static final long COMPRESSED = 1L << 62;

  /**
   * Reserved bits of a standard cluster. As in QEMU, the "reads as zeros" bit is never one of them,
   * not even where it has no meaning.
   */
  private static final long RESERVED = ~(L1Entry.COPIED | COMPRESSED | L1Entry.OFFSET_MASK | ZERO);

  /**
   * {@return the standard entry for a host cluster with the refcount 1}
   *
   * @param cluster offset of the host cluster
   */
  public static L2Entry copied(HostOffset cluster) {
    return new L2Entry(cluster.bytes() | L1Entry.COPIED, 0);
  }

  /**
   * {@return the entry for a compressed cluster}
   *
   * @param data offset of the compressed data
   * @param size size of the compressed data in bytes, at least 1 and less than a cluster
   * @param geometry the image's cluster geometry
   * @throws FormatException if the data lies beyond the range of an entry
   */
  public static L2Entry compressed(HostOffset data, int size, ClusterGeometry geometry)
      throws FormatException {
    return new L2Entry(COMPRESSED | ClusterDescriptor.Compressed.encode(data, size, geometry), 0);
  }

  /**
   * {@return whether the cluster's refcount is exactly 1, so that a writer may change it in place}
   */
  public boolean isCopied() {
    return (bits & L1Entry.COPIED) != 0;
  }

  /**
   * {@return the same entry with the copied flag set or cleared}
   *
   * @param copied whether the flag is set
   */
  public L2Entry withCopied(boolean copied) {
    return new L2Entry(copied ? bits | L1Entry.COPIED : bits & ~L1Entry.COPIED, subclusters);
  }

  /** {@return whether the cluster is compressed} */
  public boolean isCompressed() {
    return (bits & COMPRESSED) != 0;
  }

  // For checks, which continue after an invalid entry.

  /** {@return the host cluster of an uncompressed cluster, aligned or not; nowhere without one} */
  public HostOffset host() {
    return new HostOffset(bits & L1Entry.OFFSET_MASK);
  }

  /**
   * {@return the descriptor of a compressed cluster, valid or not}
   *
   * @param geometry the image's cluster geometry
   */
  public ClusterDescriptor.Compressed compressed(ClusterGeometry geometry) {
    return ClusterDescriptor.Compressed.unchecked(bits, geometry);
  }

  /**
   * {@return whether the guest cluster reads no data from the host cluster}
   *
   * @param geometry the image's cluster geometry
   */
  public boolean hasNoData(ClusterGeometry geometry) {
    boolean zero = geometry.extendedL2() ? (int) subclusters == 0 : (bits & ZERO) != 0;
    return zero && !isCompressed();
  }

  /**
   * {@return the same entry without its host cluster} Call only if {@link #hasNoData}.
   *
   * @param geometry the image's cluster geometry
   */
  public L2Entry withoutHost(ClusterGeometry geometry) {
    return new L2Entry(geometry.extendedL2() ? 0 : ZERO, subclusters);
  }

  /** {@return whether a reserved bit of an uncompressed cluster is set} */
  public boolean hasReservedBits() {
    return (bits & RESERVED) != 0;
  }

  /**
   * {@return whether the subcluster bitmap is valid: no subcluster is both allocated and zero, and
   * none is allocated without a host cluster}
   */
  public boolean hasValidSubclusters() {
    int allocated = (int) subclusters;
    int zero = (int) (subclusters >>> Integer.SIZE);
    return (allocated & zero) == 0 && (allocated == 0 || !host().isNowhere());
  }

  // For reading.

  /**
   * {@return the state of the guest cluster}
   *
   * @param geometry the image's cluster geometry
   * @param version version of the image, 2 or 3
   * @throws FormatException if the image's version or features do not allow this entry
   */
  public ClusterDescriptor descriptor(ClusterGeometry geometry, int version)
      throws FormatException {
    if (isCompressed()) {
      return ClusterDescriptor.Compressed.of(bits, geometry);
    }
    HostOffset host = host();
    if (!host.isNowhere() && !geometry.isAligned(host)) {
      throw new FormatException("cluster at " + host + " is not aligned");
    }
    if (geometry.extendedL2()) {
      return new ClusterDescriptor.Divided(host, SubclusterBitmap.of(subclusters, host));
    }
    if ((bits & ZERO) != 0) {
      if (version < 3) {
        throw new FormatException("zero cluster in a version 2 image");
      }
      return new ClusterDescriptor.Zero(host);
    }
    return host.isNowhere()
        ? ClusterDescriptor.Unallocated.INSTANCE
        : new ClusterDescriptor.Standard(host);
  }
}
