package io.basedisk.qcow2.check;

import io.basedisk.qcow2.format.HostOffset;

/** How many guest clusters of the active disk are allocated, and how well they lie. */
final class ClusterUsage {

  private long allocated;
  private long fragmented;
  private long compressed;

  /**
   * Counts a cluster that is not compressed.
   *
   * @param times how often its L2 table is in use
   * @param expected where it would follow on the one before; nowhere for the first of a table
   */
  void addStandard(HostOffset host, HostOffset expected, long times) {
    allocated += times;
    if (!expected.isNowhere() && !host.equals(expected)) {
      fragmented += times;
    }
  }

  /** Counts a compressed cluster: its sectors are shared, so reading in order reads them again. */
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
