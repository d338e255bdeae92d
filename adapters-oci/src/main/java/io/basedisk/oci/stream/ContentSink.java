package io.basedisk.oci.stream;

/** Takes content in order. */
public interface ContentSink {

  /** Drops what it gets. */
  ContentSink NONE = (bytes, length) -> {};

  /**
   * Takes the next bytes.
   *
   * @param bytes has them at its start; it belongs to the caller again afterwards
   * @param length their number, 1 or more
   */
  void write(byte[] bytes, int length);

  /**
   * Takes zeros.
   *
   * @param length their number, 0 or more
   */
  default void hole(long length) {
    byte[] zeros = new byte[(int) Math.min(64 << 10, Math.max(1, length))];
    for (long left = length; left > 0; left -= Math.min(zeros.length, left)) {
      write(zeros, (int) Math.min(zeros.length, left));
    }
  }
}
