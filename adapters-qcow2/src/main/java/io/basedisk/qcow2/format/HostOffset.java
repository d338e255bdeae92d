package io.basedisk.qcow2.format;

/**
 * A byte offset in an image file.
 *
 * <p>In every table, 0 means "nowhere", because the header is at 0.
 *
 * @param bytes as read from the file; a negative value stands for 2<sup>63</sup> or more, which is
 *     beyond the end of any file
 */
public record HostOffset(long bytes) {

  /** The offset that tables use for "not allocated". */
  public static final HostOffset NOWHERE = new HostOffset(0);

  /** {@return whether this is {@link #NOWHERE}} */
  public boolean isNowhere() {
    return bytes == 0;
  }

  /**
   * {@return the offset that is some bytes further}
   *
   * @param distance number of bytes; negative to go back
   */
  public HostOffset plus(long distance) {
    return new HostOffset(bytes + distance);
  }

  /**
   * {@return whether {@code next} is {@code length} bytes further} If this is nowhere, returns
   * whether {@code next} is nowhere too.
   *
   * @param next the offset to compare
   * @param length number of bytes
   */
  public boolean isContinuedBy(HostOffset next, long length) {
    return isNowhere() ? next.isNowhere() : plus(length).equals(next);
  }

  /** {@return the offset in hexadecimal, as qcow2 tools show it} */
  @Override
  public String toString() {
    return "0x" + Long.toHexString(bytes);
  }
}
