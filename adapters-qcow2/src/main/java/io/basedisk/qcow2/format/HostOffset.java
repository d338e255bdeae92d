package io.basedisk.qcow2.format;

/**
 * A byte offset into an image file.
 *
 * <p>In every table 0 stands for "nowhere", since the header is there.
 *
 * @param bytes as read from the file: one that is negative is 2<sup>63</sup> or more, and so beyond
 *     the end of any file
 */
public record HostOffset(long bytes) {

  /** The offset that tables use for what is not there. */
  public static final HostOffset NOWHERE = new HostOffset(0);

  public boolean isNowhere() {
    return bytes == 0;
  }

  public HostOffset plus(long distance) {
    return new HostOffset(bytes + distance);
  }

  /** Returns whether {@code next} is {@code length} bytes on, or is nowhere as this is. */
  public boolean isContinuedBy(HostOffset next, long length) {
    return isNowhere() ? next.isNowhere() : plus(length).equals(next);
  }

  /** Hexadecimal, as tools for this format show offsets. */
  @Override
  public String toString() {
    return "0x" + Long.toHexString(bytes);
  }
}
