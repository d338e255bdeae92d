package io.basedisk.qcow2.format;

/**
 * An entry of the refcount table: where a refcount block is.
 *
 * <p>Specification: "Host cluster management", "Refcount table entry". Reserved bits are kept and,
 * as in QEMU, not looked at but by a check.
 */
public record RefcountTableEntry(long bits) {

  private static final long OFFSET_MASK = ~0x1ffL;

  /** Returns where the block is; nowhere if all refcounts that it would hold are 0. */
  public HostOffset block() {
    return new HostOffset(bits & OFFSET_MASK);
  }

  /** Returns whether a bit is set that has no meaning. */
  public boolean hasReservedBits() {
    return (bits & ~OFFSET_MASK) != 0;
  }
}
