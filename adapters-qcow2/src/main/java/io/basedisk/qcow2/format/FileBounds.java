package io.basedisk.qcow2.format;

/**
 * Check that a structure lies inside its image file: each of its clusters begins before the end of
 * the file. The last cluster of the file may be short.
 *
 * @param length length of the file in bytes
 * @param geometry the image's cluster geometry
 */
public record FileBounds(long length, ClusterGeometry geometry) {

  /**
   * Checks the position of a table, or of another structure that is aligned to a cluster.
   *
   * @param what the structure's name in a message
   * @param start offset of its first byte
   * @param size the structure's size in bytes; 0 passes without a check
   * @throws FormatException if it is not aligned to a cluster, or not inside the file
   */
  public void requireTable(String what, HostOffset start, long size) throws FormatException {
    if (size == 0) {
      return;
    }
    if (!geometry.isAligned(start)) {
      throw new FormatException(what + " at " + start + " is not aligned to a cluster");
    }
    long lastCluster = (geometry.clusters(size) - 1) << geometry.clusterBits();
    if (start.bytes() <= 0 || start.bytes() >= length - lastCluster) {
      throw new FormatException(
          what + " at " + start + " of " + size + " bytes is not inside the file");
    }
  }

  /**
   * Checks the position of one whole cluster.
   *
   * @param what the structure's name in a message
   * @param start offset of its first byte
   * @throws FormatException if it is not aligned to a cluster, or not inside the file
   */
  public void requireCluster(String what, HostOffset start) throws FormatException {
    requireTable(what, start, geometry.clusterSize());
  }
}
