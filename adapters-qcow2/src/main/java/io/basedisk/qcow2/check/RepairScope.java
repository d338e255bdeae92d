package io.basedisk.qcow2.check;

/** What of an image is to be mended. */
public enum RepairScope {
  /** Refcounts that are too high, which waste space. */
  LEAKS,
  /** All that can be mended without a loss. */
  ALL
}
