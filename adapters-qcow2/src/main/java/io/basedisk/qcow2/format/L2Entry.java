package io.basedisk.qcow2.format;

/**
 * An entry of an L2 table: what a guest cluster is.
 *
 * <p>Specification: "Cluster mapping", "L2 table entry"; "Extended L2 Entries". Reserved bits are
 * kept and, as in QEMU, not looked at but by a check.
 *
 * @param bits the first 64 bits
 * @param subclusters the second 64 bits of an extended entry; of others, 0
 */
public record L2Entry(long bits, long subclusters) {

  private static final long ZERO = 1;

  /** The entry for a cluster that reads as zeros and has no host cluster, without subclusters. */
  public static final L2Entry ZERO_CLUSTER = new L2Entry(ZERO, 0);

  private static final long COMPRESSED = 1L << 62;

  /** Of a standard cluster; as in QEMU, "reads as zeros" is none where it has no meaning. */
  private static final long RESERVED = ~(L1Entry.COPIED | COMPRESSED | L1Entry.OFFSET_MASK | ZERO);

  /** Returns the entry for a standard cluster that nothing else refers to, without subclusters. */
  public static L2Entry copied(HostOffset cluster) {
    return new L2Entry(cluster.bytes() | L1Entry.COPIED, 0);
  }

  /**
   * Returns the entry for a cluster that is compressed.
   *
   * @param data where the compressed data starts
   * @param size its bytes, 1 to less than a cluster
   * @throws FormatException if that is beyond what an entry can refer to
   */
  public static L2Entry compressed(HostOffset data, int size, ClusterGeometry geometry)
      throws FormatException {
    return new L2Entry(COMPRESSED | ClusterDescriptor.Compressed.encode(data, size, geometry), 0);
  }

  /** Returns whether the cluster's refcount is exactly one: it may be changed in place. */
  public boolean isCopied() {
    return (bits & L1Entry.COPIED) != 0;
  }

  /** Returns the same entry with that flag, or without it. */
  public L2Entry withCopied(boolean copied) {
    return new L2Entry(copied ? bits | L1Entry.COPIED : bits & ~L1Entry.COPIED, subclusters);
  }

  /** Returns whether its cluster is compressed. */
  public boolean isCompressed() {
    return (bits & COMPRESSED) != 0;
  }

  // What a check looks at, which has to go on where reading stops.

  /** Returns where a cluster that is not compressed is, aligned or not; nowhere if it has none. */
  public HostOffset host() {
    return new HostOffset(bits & L1Entry.OFFSET_MASK);
  }

  /** Returns where a compressed cluster is, possible or not. */
  public ClusterDescriptor.Compressed compressed(ClusterGeometry geometry) {
    return ClusterDescriptor.Compressed.unchecked(bits, geometry);
  }

  /** Returns whether nothing of its guest cluster is read from its host cluster, if it has one. */
  public boolean hasNoData(ClusterGeometry geometry) {
    boolean zero = geometry.extendedL2() ? (int) subclusters == 0 : (bits & ZERO) != 0;
    return zero && !isCompressed();
  }

  /** Returns the entry that reads the same without a host cluster, of one that has no data. */
  public L2Entry withoutHost(ClusterGeometry geometry) {
    return new L2Entry(geometry.extendedL2() ? 0 : ZERO, subclusters);
  }

  /** Returns whether a bit is set that has no meaning for a cluster that is not compressed. */
  public boolean hasReservedBits() {
    return (bits & RESERVED) != 0;
  }

  /** Returns whether no subcluster is both allocated and zero, or allocated nowhere. */
  public boolean hasValidSubclusters() {
    int allocated = (int) subclusters;
    int zero = (int) (subclusters >>> Integer.SIZE);
    return (allocated & zero) == 0 && (allocated == 0 || !host().isNowhere());
  }

  // What reading looks at.

  /**
   * Returns what it says of its cluster.
   *
   * @param version the version of the image
   * @throws FormatException if it says what its image's version or features do not allow
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
