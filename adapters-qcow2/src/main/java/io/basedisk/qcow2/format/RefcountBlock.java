package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;

/**
 * A refcount block, with refcounts of any width that the specification allows.
 *
 * <p>Specification: "Host cluster management", "Refcount block entry". Within a byte, the entry of
 * the lowest index has the least significant bits.
 *
 * @param bytes the block's content, one cluster; {@link #set} changes it in place
 * @param order binary logarithm of a refcount's width in bits, 0 to 6
 */
public record RefcountBlock(ByteBuffer bytes, int order) {

  /**
   * {@return the refcount at an index; a 64-bit refcount is unsigned}
   *
   * @param index index of the refcount in this block, from 0
   */
  public long get(int index) {
    return switch (order) {
      case 3 -> Byte.toUnsignedLong(bytes.get(index));
      case 4 -> Short.toUnsignedLong(bytes.getShort(index * Short.BYTES));
      case 5 -> Integer.toUnsignedLong(bytes.getInt(index * Integer.BYTES));
      case 6 -> bytes.getLong(index * Long.BYTES);
      default -> (bytes.get(byteOf(index)) >>> shiftOf(index)) & maximum();
    };
  }

  /**
   * Sets the refcount at an index.
   *
   * @param index index of the refcount in this block, from 0
   * @param refcount the new refcount; must fit the width of the entries
   */
  public void set(int index, long refcount) {
    switch (order) {
      case 3 -> bytes.put(index, (byte) refcount);
      case 4 -> bytes.putShort(index * Short.BYTES, (short) refcount);
      case 5 -> bytes.putInt(index * Integer.BYTES, (int) refcount);
      case 6 -> bytes.putLong(index * Long.BYTES, refcount);
      default -> {
        long others = bytes.get(byteOf(index)) & ~(maximum() << shiftOf(index));
        bytes.put(byteOf(index), (byte) (others | refcount << shiftOf(index)));
      }
    }
  }

  /** {@return the largest refcount that an entry can hold, unsigned} */
  public long maximum() {
    return -1L >>> (Long.SIZE - (1 << order));
  }

  private int byteOf(int index) {
    return index >>> (3 - order);
  }

  private int shiftOf(int index) {
    return (index << order) & (Byte.SIZE - 1);
  }
}
