package io.basedisk.qcow2.format;

/**
 * An entry of an L1 table: the offset of an L2 table.
 *
 * <p>Specification: "Cluster mapping", "L1 table entry". Reserved bits are kept. As in QEMU,
 * nothing but a check looks at them.
 *
 * @param bits the 64 bits of the entry
 */
public record L1Entry(long bits) {

  static final long OFFSET_MASK = 0x00ff_ffff_ffff_fe00L;
  static final long COPIED = 1L << 63;
  private static final long RESERVED = ~(OFFSET_MASK | COPIED);

  /**
   * {@return the entry for an L2 table with the refcount 1}
   *
   * @param l2Table offset of the L2 table
   */
  public static L1Entry copied(HostOffset l2Table) {
    return new L1Entry(l2Table.bytes() | COPIED);
  }

  /** {@return the offset of the L2 table; nowhere if its whole range is unallocated} */
  public HostOffset l2Table() {
    return new HostOffset(bits & OFFSET_MASK);
  }

  /**
   * {@return whether the L2 table's refcount is exactly 1, so that a writer may change it in place}
   */
  public boolean isCopied() {
    return (bits & COPIED) != 0;
  }

  /**
   * {@return the same entry with the copied flag set or cleared}
   *
   * @param copied whether the flag is set
   */
  public L1Entry withCopied(boolean copied) {
    return new L1Entry(copied ? bits | COPIED : bits & ~COPIED);
  }

  /** {@return whether a reserved bit is set} */
  public boolean hasReservedBits() {
    return (bits & RESERVED) != 0;
  }
}
