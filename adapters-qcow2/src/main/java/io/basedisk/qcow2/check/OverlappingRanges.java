package io.basedisk.qcow2.check;

import java.util.Map;
import java.util.TreeMap;

/**
 * Ranges of numbers that may overlap, to be visited without overlaps. A hostile image can have
 * thousands of tables of many megabytes in one place; so each part of it is looked at once.
 */
final class OverlappingRanges {

  /** Is told of a part. */
  @FunctionalInterface
  interface Visitor {

    /**
     * Visits a part.
     *
     * @param times how many ranges it is in, at least 1
     */
    void visit(long start, long end, long times);
  }

  /** By how much the number of ranges changes, and where. */
  private final TreeMap<Long, Long> changes = new TreeMap<>();

  /** Adds the range from {@code start} to before {@code end}. */
  void add(long start, long end) {
    changes.merge(start, 1L, Long::sum);
    changes.merge(end, -1L, Long::sum);
  }

  /** Visits all parts in their order. */
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
