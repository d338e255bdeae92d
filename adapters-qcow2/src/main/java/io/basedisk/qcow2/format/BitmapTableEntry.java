package io.basedisk.qcow2.format;

/**
 * An entry of a bitmap table: the offset of one cluster of the bitmap's data.
 *
 * <p>Specification: "Bitmaps", "Bitmap table".
 *
 * @param bits the 64 bits of the entry
 */
public record BitmapTableEntry(long bits) {

  private static final long ALL_ONES = 1;

  /** {@return the offset of the data; nowhere if all its bits are equal} */
  public HostOffset data() {
    return new HostOffset(bits & L1Entry.OFFSET_MASK);
  }

  /** {@return whether a reserved bit is set} */
  public boolean hasReservedBits() {
    long known = L1Entry.OFFSET_MASK | (data().isNowhere() ? ALL_ONES : 0);
    return (bits & ~known) != 0;
  }
}
