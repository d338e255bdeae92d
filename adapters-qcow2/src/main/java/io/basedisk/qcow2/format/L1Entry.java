package io.basedisk.qcow2.format;

/**
 * An entry of an L1 table: where an L2 table is.
 *
 * <p>Specification: "Cluster mapping", "L1 table entry". Reserved bits are kept and, as in QEMU,
 * not looked at but by a check.
 */
public record L1Entry(long bits) {

  static final long OFFSET_MASK = 0x00ff_ffff_ffff_fe00L;
  static final long COPIED = 1L << 63;
  private static final long RESERVED = ~(OFFSET_MASK | COPIED);

  /** Returns the entry for an L2 table that nothing else refers to. */
  public static L1Entry copied(HostOffset l2Table) {
    return new L1Entry(l2Table.bytes() | COPIED);
  }

  /** Returns where the L2 table is; nowhere if nothing of what it would map is allocated. */
  public HostOffset l2Table() {
    return new HostOffset(bits & OFFSET_MASK);
  }

  /** Returns whether the L2 table's refcount is exactly one: it may be changed in place. */
  public boolean isCopied() {
    return (bits & COPIED) != 0;
  }

  /** Returns the same entry with that flag, or without it. */
  public L1Entry withCopied(boolean copied) {
    return new L1Entry(copied ? bits | COPIED : bits & ~COPIED);
  }

  /** Returns whether a bit is set that has no meaning. */
  public boolean hasReservedBits() {
    return (bits & RESERVED) != 0;
  }
}
