package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, at least 1: the virtual size of a disk, or a budget.
 *
 * @param bytes 1 to 2<sup>63</sup>-1
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {

  /** The bytes of a sector; the virtual size of a disk is a multiple of it. */
  public static final int SECTOR = 512;

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,19})([KMGTkmgt]?)");
  private static final String UNITS = "KMGT";

  /**
   * @throws InvalidArgumentException if {@code bytes} is less than 1
   */
  public ByteSize {
    if (bytes < 1) {
      throw new InvalidArgumentException(
          "invalid size " + bytes + ": it must be greater than zero");
    }
  }

  /**
   * Reads {@code 10G}: decimal digits, then nothing or one of K, M, G, T (powers of 1024).
   *
   * @throws InvalidArgumentException if that is not what it says, or it does not fit 63 bits
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
   * Returns this size rounded up to a multiple of {@code unit} bytes.
   *
   * @throws InvalidArgumentException if that does not fit 63 bits
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
