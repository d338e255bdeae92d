package io.basedisk.qcow2.format;

/**
 * Where in an image file something may lie: each of its clusters has to begin inside the file. The
 * last cluster of the file may be short.
 *
 * @param length the length of the file in bytes
 */
public record FileBounds(long length, ClusterGeometry geometry) {

  /**
   * Checks where a table lies, or another structure that begins with a cluster.
   *
   * @param what its name in a message
   * @param size its bytes; nothing is checked of one that has none
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

  /** Checks where one whole cluster lies. */
  public void requireCluster(String what, HostOffset start) throws FormatException {
    requireTable(what, start, geometry.clusterSize());
  }
}
