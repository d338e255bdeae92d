package io.basedisk.qcow2.check;

import java.util.Map;
import java.util.TreeMap;

/**
 * Ranges of numbers that may overlap, split into parts that don't. A hostile image can have
 * thousands of tables of many megabytes at one position; this way, each part is read once.
 */
final class OverlappingRanges {

  /** Receives the parts. */
  @FunctionalInterface
  interface Visitor {

    /**
     * Visits a part.
     *
     * @param times number of ranges that contain the part, at least 1
     */
    void visit(long start, long end, long times);
  }

  /** For each position, the change in the number of ranges that contain it. */
  private final TreeMap<Long, Long> changes = new TreeMap<>();

  /** Adds the range from {@code start} to before {@code end}. */
  void add(long start, long end) {
    changes.merge(start, 1L, Long::sum);
    changes.merge(end, -1L, Long::sum);
  }

  /** Visits all parts in ascending order. */
  void forEach(Visitor visitor) {
    long start = 0;
    long times = 0;
    for (Map.Entry<Long, Long> change : changes.entrySet()) {
      long end = change.getKey();
      if (times > 0 && end > start) {
        visitor.visit(start, end, times);
      }
      start = end;
      times += change.getValue();
    }
  }
}
