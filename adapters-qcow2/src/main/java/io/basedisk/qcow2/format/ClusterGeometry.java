package io.basedisk.qcow2.format;

/**
 * How an image divides guest and file into clusters, and all arithmetic that follows from it.
 *
 * <p>Specification: "Cluster mapping", "Extended L2 Entries".
 *
 * @param clusterBits the binary logarithm of the cluster size, 9 to 21
 * @param extendedL2 whether clusters have 32 subclusters and L2 entries 128 bits
 */
public record ClusterGeometry(int clusterBits, boolean extendedL2) {

  /** The smallest cluster: 512 bytes. */
  public static final int MIN_CLUSTER_BITS = 9;

  /** The largest cluster that QEMU opens: 2 MiB. */
  public static final int MAX_CLUSTER_BITS = 21;

  /** Below this, a subcluster would be less than a sector. */
  public static final int MIN_EXTENDED_CLUSTER_BITS = 14;

  /** The size of the virtual disk's and the file's smallest addressable part. */
  public static final int SECTOR_SIZE = 512;

  private static final int SUBCLUSTERS = 32;

  public ClusterGeometry {
    if (clusterBits < MIN_CLUSTER_BITS || clusterBits > MAX_CLUSTER_BITS) {
      throw new IllegalArgumentException("cluster bits " + clusterBits);
    }
  }

  /**
   * Returns the geometry that a header asks for.
   *
   * @throws FormatException if there is none such
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

  /** Returns the bytes of the whole sectors that {@code bytes} fill. */
  public static long wholeSectorsIn(long bytes) {
    return bytes / SECTOR_SIZE * SECTOR_SIZE;
  }

  /** Returns the bytes of the sectors that {@code bytes} begin or fill. */
  public static long wholeSectorsOver(long bytes) {
    return wholeSectorsIn(bytes + SECTOR_SIZE - 1);
  }

  /** Returns the bytes of a cluster. */
  public int clusterSize() {
    return 1 << clusterBits;
  }

  /** Returns the number of subclusters of a cluster, 1 or 32. */
  public int subclusters() {
    return extendedL2 ? SUBCLUSTERS : 1;
  }

  /** Returns the bytes of a subcluster; without extended L2 entries, those of a cluster. */
  public int subclusterSize() {
    return clusterSize() / subclusters();
  }

  /** Returns the bytes of an L2 entry, 8 or 16. */
  public int l2EntrySize() {
    return extendedL2 ? 2 * Long.BYTES : Long.BYTES;
  }

  /** Returns the number of entries of an L2 table, which fills one cluster. */
  public int l2Entries() {
    return clusterSize() / l2EntrySize();
  }

  /** Returns the guest bytes that one L2 table maps. */
  public long l2Coverage() {
    return (long) l2Entries() << clusterBits;
  }

  /** Returns the number of clusters that {@code bytes} begin or fill. */
  public long clusters(long bytes) {
    return (bytes >>> clusterBits) + (offsetIn(bytes) == 0 ? 0 : 1);
  }

  /** Returns the number of L1 entries that a virtual disk needs. */
  public long l1Entries(long virtualSize) {
    long coverage = l2Coverage();
    return virtualSize / coverage + (virtualSize % coverage == 0 ? 0 : 1);
  }

  // Positions in the guest's disk.

  /** Returns the index of the L1 entry that leads to {@code at}. */
  public int l1Index(GuestOffset at) {
    return (int) (at.bytes() / l2Coverage());
  }

  /** Returns the index of the L2 entry for the cluster of {@code at}. */
  public int l2Index(GuestOffset at) {
    return (int) (at.bytes() >>> clusterBits) & (l2Entries() - 1);
  }

  /** Returns where in its cluster {@code at} lies. */
  public int offsetInCluster(GuestOffset at) {
    return offsetIn(at.bytes());
  }

  /** Returns the number of the subcluster, within its cluster, that {@code at} lies in. */
  public int subclusterIndex(GuestOffset at) {
    return offsetInCluster(at) / subclusterSize();
  }

  /** Returns the start of the cluster that {@code at} lies in. */
  public GuestOffset clusterStart(GuestOffset at) {
    return at.plus(-offsetInCluster(at));
  }

  /** Returns the bytes from {@code at} to the end of what its L2 table maps. */
  public long toEndOfL2Table(GuestOffset at) {
    return l2Coverage() - at.bytes() % l2Coverage();
  }

  // Positions in the file.

  /** Returns whether a cluster begins at {@code at}. */
  public boolean isAligned(HostOffset at) {
    return offsetIn(at.bytes()) == 0;
  }

  /**
   * Returns whether a whole cluster could begin at {@code at} in some file: it is aligned, and
   * neither its start nor its end is beyond what a position can be.
   */
  public boolean mayBeCluster(HostOffset at) {
    return isAligned(at) && at.bytes() >= 0 && at.bytes() <= Long.MAX_VALUE - clusterSize();
  }

  /** Returns the number, counted from 0, of the host cluster that {@code at} lies in. */
  public long clusterNumber(HostOffset at) {
    return at.bytes() >>> clusterBits;
  }

  /** Returns where the host cluster of that number begins. */
  public HostOffset clusterOffset(long clusterNumber) {
    return new HostOffset(clusterNumber << clusterBits);
  }

  private int offsetIn(long bytes) {
    return (int) bytes & (clusterSize() - 1);
  }
}
