package io.basedisk.qcow2.write;

import static com.google.common.base.Preconditions.checkArgument;

/** Check that the ranges given to a writer are aligned, in ascending order, and within the disk. */
final class Ranges {

  private final long virtualSize;
  private final int granularity;
  private long position;

  Ranges(long virtualSize, int granularity) {
    this.virtualSize = virtualSize;
    this.granularity = granularity;
  }

  int granularity() {
    return granularity;
  }

  /** Checks the next range. */
  void next(long offset, long length) {
    checkArgument(
        offset >= position && length >= 0 && offset <= virtualSize - length,
        "range of %s bytes at %s: expected after %s and within %s",
        length,
        offset,
        position,
        virtualSize);
    long end = offset + length;
    checkArgument(
        offset % granularity == 0 && (end % granularity == 0 || end == virtualSize),
        "range of %s bytes at %s is not aligned to %s",
        length,
        offset,
        granularity);
    position = end;
  }
}
