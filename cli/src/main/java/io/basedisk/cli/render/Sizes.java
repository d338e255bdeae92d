package io.basedisk.cli.render;

import com.google.common.base.CharMatcher;

/** Numbers of bytes as people read them, in the manner of qemu-img: {@code 1.5 GiB}. */
public final class Sizes {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final int BITS_A_UNIT = 10;

  private Sizes() {}

  /** Returns {@code bytes}, 0 or more, in the largest unit of which it is at least about one. */
  public static String human(long bytes) {
    // A unit begins at 1000 of the one before, not at 1024, so that three digits always do.
    int unit = bytes == 0 ? 0 : Math.getExponent(bytes * 1.024) / BITS_A_UNIT;
    // From about a PiB on, the last digit may be off by one where two are about as near.
    double value = (double) bytes / (1L << (BITS_A_UNIT * unit));
    int parts = value < 1 ? 1000 : value < 10 ? 100 : value < 100 ? 10 : 1;
    return decimal(Math.round(value * parts), parts) + " " + UNITS[unit];
  }

  /** Returns {@code count} parts, of which one is a power of ten, without zeros at its end. */
  private static String decimal(long count, int parts) {
    String fraction = String.valueOf(parts + count % parts).substring(1);
    String digits = CharMatcher.is('0').trimTrailingFrom(fraction);
    return count / parts + (digits.isEmpty() ? "" : "." + digits);
  }

  /** Returns both: {@code 1.5 GiB (1610612736 bytes)}. */
  public static String humanAndExact(long bytes) {
    return human(bytes) + " (" + bytes + " bytes)";
  }
}
