package io.basedisk.qcow2.format;

/**
 * Cluster size and L2 entry size of an image, and all address arithmetic that follows from them.
 *
 * <p>Specification: "Cluster mapping", "Extended L2 Entries".
 *
 * @param clusterBits binary logarithm of the cluster size, 9 to 21
 * @param extendedL2 whether clusters have 32 subclusters and L2 entries 128 bits
 */
public record ClusterGeometry(int clusterBits, boolean extendedL2) {

  /** The smallest cluster: 512 bytes. */
  public static final int MIN_CLUSTER_BITS = 9;

  /** The largest cluster that QEMU opens: 2 MiB. */
  public static final int MAX_CLUSTER_BITS = 21;

  /** With smaller clusters, a subcluster would be smaller than a sector. */
  public static final int MIN_EXTENDED_CLUSTER_BITS = 14;

  /** Size of a sector in bytes, on the virtual disk and in the file. */
  public static final int SECTOR_SIZE = 512;

  private static final int SUBCLUSTERS = 32;

  /**
   * Checks the cluster size.
   *
   * @param clusterBits log<sub>2</sub> of the cluster size in bytes, 9 to 21
   * @param extendedL2 whether the image has extended L2 entries
   */
  public ClusterGeometry {
    if (clusterBits < MIN_CLUSTER_BITS || clusterBits > MAX_CLUSTER_BITS) {
      throw new IllegalArgumentException("cluster bits " + clusterBits);
    }
  }

  /**
   * {@return the geometry that a header asks for}
   *
   * @throws FormatException if the specification or QEMU does not allow it
   */
  static ClusterGeometry of(int clusterBits, boolean extendedL2) throws FormatException {
    checkClusterBits(clusterBits);
    if (extendedL2 && clusterBits < MIN_EXTENDED_CLUSTER_BITS) {
      throw new FormatException(
          "extended L2 entries need at least "
              + MIN_EXTENDED_CLUSTER_BITS
              + " cluster bits, not "
              + clusterBits);
    }
    return new ClusterGeometry(clusterBits, extendedL2);
  }

  static void checkClusterBits(int clusterBits) throws FormatException {
    if (clusterBits < MIN_CLUSTER_BITS || clusterBits > MAX_CLUSTER_BITS) {
      throw new FormatException(
          "unsupported cluster bits "
              + Integer.toUnsignedString(clusterBits)
              + ": expected 9 to 21");
    }
  }

  // Sizes.

  /**
   * Rounds a number of bytes down to whole sectors.
   *
   * @param bytes number of bytes, 0 or more
   * @return number of bytes, a multiple of the sector size
   */
  public static long wholeSectorsIn(long bytes) {
    return bytes / SECTOR_SIZE * SECTOR_SIZE;
  }

  /**
   * Rounds a number of bytes up to whole sectors.
   *
   * @param bytes number of bytes, 0 or more
   * @return number of bytes, a multiple of the sector size
   */
  public static long wholeSectorsOver(long bytes) {
    return wholeSectorsIn(bytes + SECTOR_SIZE - 1);
  }

  /** {@return the size of a cluster in bytes} */
  public int clusterSize() {
    return 1 << clusterBits;
  }

  /** {@return the number of subclusters in a cluster, 1 or 32} */
  public int subclusters() {
    return extendedL2 ? SUBCLUSTERS : 1;
  }

  /**
   * {@return the size of a subcluster in bytes} Without extended L2 entries, that is a whole
   * cluster.
   */
  public int subclusterSize() {
    return clusterSize() / subclusters();
  }

  /** {@return the size of an L2 entry in bytes, 8 or 16} */
  public int l2EntrySize() {
    return extendedL2 ? 2 * Long.BYTES : Long.BYTES;
  }

  /** {@return the number of entries in an L2 table, which fills one cluster} */
  public int l2Entries() {
    return clusterSize() / l2EntrySize();
  }

  /** {@return the guest bytes that one L2 table maps} */
  public long l2Coverage() {
    return (long) l2Entries() << clusterBits;
  }

  /**
   * {@return the number of clusters that hold {@code bytes}, rounded up}
   *
   * @param bytes number of bytes, 0 or more
   */
  public long clusters(long bytes) {
    return (bytes >>> clusterBits) + (offsetIn(bytes) == 0 ? 0 : 1);
  }

  /**
   * {@return the number of L1 entries that a virtual disk needs}
   *
   * @param virtualSize size of the virtual disk in bytes
   */
  public long l1Entries(long virtualSize) {
    long coverage = l2Coverage();
    return virtualSize / coverage + (virtualSize % coverage == 0 ? 0 : 1);
  }

  // Offsets in the guest's disk.

  /**
   * {@return the index of the L1 entry that maps {@code at}}
   *
   * @param at the guest offset
   */
  public int l1Index(GuestOffset at) {
    return (int) (at.bytes() / l2Coverage());
  }

  /**
   * {@return the index, in its L2 table, of the L2 entry that maps {@code at}}
   *
   * @param at the guest offset
   */
  public int l2Index(GuestOffset at) {
    return (int) (at.bytes() >>> clusterBits) & (l2Entries() - 1);
  }

  /**
   * {@return the distance in bytes from the start of the cluster to {@code at}}
   *
   * @param at the guest offset
   */
  public int offsetInCluster(GuestOffset at) {
    return offsetIn(at.bytes());
  }

  /**
   * {@return the index, in its cluster, of the subcluster that contains {@code at}}
   *
   * @param at the guest offset
   */
  public int subclusterIndex(GuestOffset at) {
    return offsetInCluster(at) / subclusterSize();
  }

  /**
   * {@return the start of the cluster that contains {@code at}}
   *
   * @param at the guest offset
   */
  public GuestOffset clusterStart(GuestOffset at) {
    return at.plus(-offsetInCluster(at));
  }

  /**
   * {@return the bytes from {@code at} to the end of the range that its L2 table maps}
   *
   * @param at the guest offset
   */
  public long toEndOfL2Table(GuestOffset at) {
    return l2Coverage() - at.bytes() % l2Coverage();
  }

  // Offsets in the file.

  /**
   * {@return whether {@code at} is aligned to a cluster}
   *
   * @param at the host offset
   */
  public boolean isAligned(HostOffset at) {
    return offsetIn(at.bytes()) == 0;
  }

  /**
   * {@return whether a whole cluster can begin at {@code at}: the offset is aligned, and the
   * cluster ends within the range of a file offset}
   *
   * @param at the host offset
   */
  public boolean mayBeCluster(HostOffset at) {
    return isAligned(at) && at.bytes() >= 0 && at.bytes() <= Long.MAX_VALUE - clusterSize();
  }

  /**
   * {@return the number, counted from 0, of the host cluster that contains {@code at}}
   *
   * @param at the host offset
   */
  public long clusterNumber(HostOffset at) {
    return at.bytes() >>> clusterBits;
  }

  /**
   * {@return the offset of the host cluster with that number}
   *
   * @param clusterNumber number of the host cluster, from 0
   */
  public HostOffset clusterOffset(long clusterNumber) {
    return new HostOffset(clusterNumber << clusterBits);
  }

  private int offsetIn(long bytes) {
    return (int) bytes & (clusterSize() - 1);
  }
}
