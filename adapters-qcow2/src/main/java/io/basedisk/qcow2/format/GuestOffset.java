package io.basedisk.qcow2.format;

/**
 * A byte offset in the virtual disk that the guest sees.
 *
 * @param bytes 0 or more
 */
public record GuestOffset(long bytes) {

  /**
   * {@return the offset that is some bytes further}
   *
   * @param distance number of bytes; negative to go back
   */
  public GuestOffset plus(long distance) {
    return new GuestOffset(bytes + distance);
  }

  @Override
  public String toString() {
    return Long.toString(bytes);
  }
}
