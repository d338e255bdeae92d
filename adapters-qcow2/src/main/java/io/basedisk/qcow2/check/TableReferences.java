package io.basedisk.qcow2.check;

import io.basedisk.qcow2.format.HostOffset;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How often L2 tables are referred to, so that each is read once for all its references: many
 * snapshots share most of their tables.
 *
 * <p>Memory is bounded. Who adds has to {@link #drain} when this is full; a table that is referred
 * to again after that is read again.
 */
final class TableReferences {

  /** Is told of a table. */
  @FunctionalInterface
  interface Visitor {

    /**
     * Visits a table.
     *
     * @param references how often all L1 tables refer to it
     * @param active how often the active L1 table does
     */
    void visit(HostOffset table, long references, long active);
  }

  /** 24 MiB; for half as many tables, which map 256 TiB as QEMU makes them by default. */
  private static final int MAX_SLOTS = 1 << 20;

  private static final int MIN_SLOTS = 1 << 6;

  /** What makes every key differ from 0, which is a free slot: offsets are multiples of 512. */
  private static final long TAKEN = 1;

  /** Odd, and not to be known: else an image could be made whose tables all get the same slot. */
  private final long multiplier = new SplittableRandom().nextLong() | 1;

  private long[] keys = new long[MIN_SLOTS];
  private long[] references = new long[MIN_SLOTS];
  private long[] active = new long[MIN_SLOTS];
  private int size;

  /** Returns how many tables there are to visit. */
  int size() {
    return size;
  }

  /** Returns whether no further table may be added. */
  boolean isFull() {
    return size == MAX_SLOTS / 2;
  }

  /**
   * Adds references to a table.
   *
   * @param table a multiple of 512
   * @param isActive whether it is the active L1 table that refers to it
   */
  void add(HostOffset table, long times, boolean isActive) {
    if (size == keys.length / 2) {
      grow();
    }
    add(table.bytes() | TAKEN, times, isActive ? times : 0);
  }

  private void add(long key, long times, long activeTimes) {
    int slot = slot(key);
    if (keys[slot] == 0) {
      keys[slot] = key;
      size++;
    }
    references[slot] += times;
    active[slot] += activeTimes;
  }

  /** Visits each table, in the order in which they are in the file, and forgets them all. */
  void drain(Visitor visitor) {
    long[] sorted = Arrays.stream(keys).filter(key -> key != 0).sorted().toArray();
    for (long key : sorted) {
      int slot = slot(key);
      visitor.visit(new HostOffset(key - TAKEN), references[slot], active[slot]);
    }
    Arrays.fill(keys, 0);
    Arrays.fill(references, 0);
    Arrays.fill(active, 0);
    size = 0;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldReferences = references;
    long[] oldActive = active;
    keys = new long[2 * oldKeys.length];
    references = new long[keys.length];
    active = new long[keys.length];
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        add(oldKeys[i], oldReferences[i], oldActive[i]);
      }
    }
  }

  /** Returns the slot of a key, or the free one where it belongs. */
  private int slot(long key) {
    int slot = (int) ((key * multiplier) >>> (Long.numberOfLeadingZeros(keys.length) + 1));
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }
}
