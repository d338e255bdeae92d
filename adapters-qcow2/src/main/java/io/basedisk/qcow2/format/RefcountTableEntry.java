package io.basedisk.qcow2.format;

/**
 * An entry of the refcount table: the offset of a refcount block.
 *
 * <p>Specification: "Host cluster management", "Refcount table entry". Reserved bits are kept. As
 * in QEMU, nothing but a check looks at them.
 *
 * @param bits the 64 bits of the entry
 */
public record RefcountTableEntry(long bits) {

  private static final long OFFSET_MASK = ~0x1ffL;

  /** {@return the offset of the block; nowhere if all its refcounts are 0} */
  public HostOffset block() {
    return new HostOffset(bits & OFFSET_MASK);
  }

  /** {@return whether a reserved bit is set} */
  public boolean hasReservedBits() {
    return (bits & ~OFFSET_MASK) != 0;
  }
}
