package io.basedisk.qcow2.format;

/**
 * An entry of a bitmap table: where a cluster of a bitmap's data is.
 *
 * <p>Specification: "Bitmaps", "Bitmap table".
 */
public record BitmapTableEntry(long bits) {

  private static final long ALL_ONES = 1;

  /** Returns where the data is; nowhere if its bits are all the same. */
  public HostOffset data() {
    return new HostOffset(bits & L1Entry.OFFSET_MASK);
  }

  /** Returns whether a bit is set that has no meaning. */
  public boolean hasReservedBits() {
    long known = L1Entry.OFFSET_MASK | (data().isNowhere() ? ALL_ONES : 0);
    return (bits & ~known) != 0;
  }
}
