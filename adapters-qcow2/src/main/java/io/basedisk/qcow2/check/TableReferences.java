package io.basedisk.qcow2.check;

import io.basedisk.qcow2.format.HostOffset;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Number of references to each L2 table. Snapshots share most of their tables; this way, each table
 * is read once for all its references.
 *
 * <p>Memory is bounded: when this is full, the caller has to {@link #drain} it before it adds more.
 * A table with further references after that is read again.
 */
final class TableReferences {

  /** Receives the tables. */
  @FunctionalInterface
  interface Visitor {

    /**
     * Visits a table.
     *
     * @param references number of references from all L1 tables
     * @param active number of references from the active L1 table
     */
    void visit(HostOffset table, long references, long active);
  }

  /**
   * 24 MiB. Half of the slots are used; with QEMU's default options, so many tables map 256 TiB.
   */
  private static final int MAX_SLOTS = 1 << 20;

  private static final int MIN_SLOTS = 1 << 6;

  /**
   * Added to every key, because 0 marks a free slot. Offsets are multiples of 512, so the bit is
   * free.
   */
  private static final long TAKEN = 1;

  /**
   * Odd and random. With a known multiplier, a hostile image could put all its tables into one
   * slot.
   */
  private final long multiplier = new SplittableRandom().nextLong() | 1;

  private long[] keys = new long[MIN_SLOTS];
  private long[] references = new long[MIN_SLOTS];
  private long[] active = new long[MIN_SLOTS];
  private int size;

  /** {@return the number of tables to visit} */
  int size() {
    return size;
  }

  /** {@return whether no further table may be added} */
  boolean isFull() {
    return size == MAX_SLOTS / 2;
  }

  /**
   * Adds references to a table.
   *
   * @param table a multiple of 512
   * @param isActive whether the references are from the active L1 table
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

  /** Visits each table, in ascending order of offset, and removes them all. */
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

  /** {@return the slot of a key; for a new key, the free slot for it} */
  private int slot(long key) {
    int slot = (int) ((key * multiplier) >>> (Long.numberOfLeadingZeros(keys.length) + 1));
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }
}
