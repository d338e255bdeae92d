package io.basedisk.qcow2.operation;

/**
 * Converts extents of a disk to runs of whole clusters of the target's size. A cluster with parts
 * of different kinds becomes data.
 */
final class AlignedRuns {

  /** Kind of a run. */
  enum Kind {
    /** Unallocated: the new image reads it from its backing file. */
    KEPT,
    /** Zeros, which hide the backing file. */
    ZEROS,
    /** Data, to be read. */
    DATA
  }

  /**
   * A run of this length or more is passed on at once, although the next one may be of the same
   * kind.
   */
  private static final long LONG = 1 << 30;

  /** Receives runs. */
  @FunctionalInterface
  interface Sink {
    void run(Kind kind, long start, long end);
  }

  private final long granularity;
  private final Sink sink;

  /** The current run of whole clusters, which the next extent may continue. */
  private Kind kind = Kind.KEPT;

  private long start;
  private long end;

  /** Kind of the partial cluster from {@code end} to {@code position}. */
  private Kind kindOfPart = Kind.KEPT;

  private long position;

  /**
   * @param granularity size of the target's clusters in bytes
   */
  AlignedRuns(long granularity, Sink sink) {
    this.granularity = granularity;
    this.sink = sink;
  }

  /** Adds an extent, from the end of the previous one to {@code to}. */
  void add(Kind added, long to) {
    if (position > end) {
      Kind both = kindOfPart == added ? added : Kind.DATA;
      if (to < end + granularity) {
        kindOfPart = both;
        position = to;
        return;
      }
      extend(both, end + granularity);
    }
    extend(added, to - to % granularity);
    kindOfPart = added;
    position = to;
  }

  /** Ends the disk. */
  void finish() {
    extend(kindOfPart, position);
    handOn();
  }

  private void extend(Kind added, long to) {
    if (to <= end) {
      return;
    }
    if (added != kind) {
      handOn();
      kind = added;
    }
    end = to;
    if (end - start >= LONG) {
      handOn();
    }
  }

  private void handOn() {
    if (end > start) {
      sink.run(kind, start, end);
    }
    start = end;
  }
}
