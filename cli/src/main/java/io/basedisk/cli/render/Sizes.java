package io.basedisk.cli.render;

import com.google.common.base.CharMatcher;

/** Sizes as text, in the format of qemu-img: {@code 1.5 GiB}. */
public final class Sizes {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final int BITS_A_UNIT = 10;

  private Sizes() {}

  /**
   * {@return {@code bytes}, 0 or more, in the largest unit that gives about 1 or more}
   *
   * @param bytes the size in bytes
   */
  public static String human(long bytes) {
    // A unit starts at 1000 of the smaller unit, not at 1024, so that three digits suffice.
    int unit = bytes == 0 ? 0 : Math.getExponent(bytes * 1.024) / BITS_A_UNIT;
    // From about 1 PiB on, rounding may be off by one in the last digit.
    double value = (double) bytes / (1L << (BITS_A_UNIT * unit));
    int parts = value < 1 ? 1000 : value < 10 ? 100 : value < 100 ? 10 : 1;
    return decimal(Math.round(value * parts), parts) + " " + UNITS[unit];
  }

  /** {@return {@code count / parts}, with {@code parts} a power of ten, without trailing zeros} */
  private static String decimal(long count, int parts) {
    String fraction = String.valueOf(parts + count % parts).substring(1);
    String digits = CharMatcher.is('0').trimTrailingFrom(fraction);
    return count / parts + (digits.isEmpty() ? "" : "." + digits);
  }

  /**
   * {@return the rounded and the exact size: {@code 1.5 GiB (1610612736 bytes)}}
   *
   * @param bytes the size in bytes, 0 or more
   */
  public static String humanAndExact(long bytes) {
    return human(bytes) + " (" + bytes + " bytes)";
  }
}
