package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A size in bytes, for example of a virtual disk. At least 1.
 *
 * @param bytes 1 to 2<sup>63</sup>-1
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {

  /** The bytes of a sector; the virtual size of a disk is a multiple of it. */
  public static final int SECTOR = 512;

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,19})([KMGTkmgt]?)");
  private static final String UNITS = "KMGT";

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
   * Parses a size such as {@code 10G}: decimal digits, optionally with one of the units K, M, G, T
   * (powers of 1024), in upper or lower case.
   *
   * @param text the text
   * @return the size
   * @throws InvalidArgumentException if the text has another form, or the size does not fit in 63
   *     bits
   */
  public static ByteSize parse(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new InvalidArgumentException(
          "invalid size \""
              + Quoted.of(text)
              + "\": expected digits and optionally one of K, M, G, T");
    }
    String unit = matcher.group(2).toUpperCase(Locale.ROOT);
    int shift = unit.isEmpty() ? 0 : 10 * (UNITS.indexOf(unit) + 1);
    try {
      return new ByteSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new InvalidArgumentException("invalid size \"" + text + "\": too large", e);
    }
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
