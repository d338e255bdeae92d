package io.basedisk.qcow2.check;

import io.basedisk.qcow2.format.HostOffset;

/** Number of allocated, fragmented and compressed guest clusters of the active disk. */
final class ClusterUsage {

  private long allocated;
  private long fragmented;
  private long compressed;

  /**
   * Counts an uncompressed cluster.
   *
   * @param times number of references to its L2 table
   * @param expected offset right after the previous cluster; nowhere for the first cluster of a
   *     table
   */
  void addStandard(HostOffset host, HostOffset expected, long times) {
    allocated += times;
    if (!expected.isNowhere() && !host.equals(expected)) {
      fragmented += times;
    }
  }

  /** Counts a compressed cluster. It counts as fragmented, as in QEMU. */
  void addCompressed(long times) {
    allocated += times;
    fragmented += times;
    compressed += times;
  }

  long allocated() {
    return allocated;
  }

  long fragmented() {
    return fragmented;
  }

  long compressed() {
    return compressed;
  }
}
