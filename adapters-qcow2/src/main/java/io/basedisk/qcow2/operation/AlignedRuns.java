package io.basedisk.qcow2.operation;

/**
 * What a disk consists of, in whole clusters of another size than those that it comes from. A
 * cluster of which parts differ is one to be read.
 */
final class AlignedRuns {

  /** What a run is. */
  enum Kind {
    /** What the backing file of the new image says. */
    KEPT,
    /** Zeros, whatever the backing file says. */
    ZEROS,
    /** To be read. */
    DATA
  }

  /** From this length on, a run is handed on though more of its kind may follow. */
  private static final long LONG = 1 << 30;

  /** Takes a run. */
  @FunctionalInterface
  interface Sink {
    void run(Kind kind, long start, long end);
  }

  private final long granularity;
  private final Sink sink;

  /** The run of whole clusters that is not handed on yet, as more may follow of its kind. */
  private Kind kind = Kind.KEPT;

  private long start;
  private long end;

  /** What the cluster at {@code end} is up to {@code position}, if that is further. */
  private Kind kindOfPart = Kind.KEPT;

  private long position;

  /**
   * @param granularity the bytes of a cluster
   */
  AlignedRuns(long granularity, Sink sink) {
    this.granularity = granularity;
    this.sink = sink;
  }

  /** Adds what follows on what was added before, up to {@code to}. */
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

  /** Says that nothing follows. */
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
