package io.basedisk.qcow2.write;

import static com.google.common.base.Preconditions.checkArgument;

/** The ranges of a disk that a writer was told of: whether they come as they have to. */
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

  /** Takes note of the next range. */
  void next(long offset, long length) {
    checkArgument(
        offset >= position && length >= 0 && offset <= virtualSize - length,
        "range of %s bytes at %s: after %s, within %s are expected",
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
