package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;

/**
 * A size in bytes, for example of a virtual disk. At least 1.
 *
 * @param bytes 1 to 2<sup>63</sup>-1
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {

  /** The bytes of a sector; the virtual size of a disk is a multiple of it. */
  public static final int SECTOR = 512;

  /**
   * Checks the values.
   *
   * @param bytes see {@link #bytes}
   * @throws InvalidArgumentException if {@code bytes} is less than 1
   */
  public ByteSize {
    if (bytes < 1) {
      throw new InvalidArgumentException(
          "invalid size " + bytes + ": it must be greater than zero");
    }
  }

  /**
   * Parses a size such as {@code 10G}: a decimal number, optionally with one of the units K, M, G,
   * T, P, E (powers of 1024), in upper or lower case, also as KiB, MiB and so on, after a blank or
   * not. Accepts every size as the command line prints it, unless it was rounded to a fraction of a
   * byte.
   *
   * @param text the text
   * @return the size
   * @throws InvalidArgumentException if the text has another form, or the size is 0, has a fraction
   *     of a byte, or does not fit in 63 bits
   */
  public static ByteSize parse(String text) {
    return new ByteSize(parseBytes(text));
  }

  /**
   * Parses a number of bytes, in the form of a size but 0 or more.
   *
   * @param text the text
   * @return the number of bytes
   * @throws InvalidArgumentException as {@link #parse}, but not for 0
   */
  public static long parseBytes(String text) {
    return SizeText.parse(text);
  }

  /**
   * {@return this size rounded up to a multiple of a unit}
   *
   * @param unit the unit in bytes, more than 0
   * @throws InvalidArgumentException if the result does not fit in 63 bits
   */
  public ByteSize roundedUpTo(int unit) {
    long excess = bytes % unit;
    if (excess == 0) {
      return this;
    }
    try {
      return new ByteSize(Math.addExact(bytes, unit - excess));
    } catch (ArithmeticException e) {
      throw new InvalidArgumentException("invalid size " + bytes + ": too large", e);
    }
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  @Override
  public String toString() {
    return Long.toString(bytes);
  }
}
