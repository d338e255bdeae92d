package io.basedisk.app.cli.render;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers of bytes as people read them, in the manner of qemu-img: {@code 1.5 GiB}. */
public final class Sizes {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final int DIGITS = 3;
  private static final int BITS_A_UNIT = 10;

  private Sizes() {}

  /** Returns {@code bytes}, 0 or more, in the largest unit of which it is at least about one. */
  public static String human(long bytes) {
    // A unit begins at 1000 of the one before, not at 1024, so that three digits always do.
    int unit = bytes == 0 ? 0 : Math.getExponent(bytes * 1.024) / BITS_A_UNIT;
    BigDecimal value =
        BigDecimal.valueOf(bytes)
            .divide(BigDecimal.valueOf(1L << (BITS_A_UNIT * unit)))
            .round(new MathContext(DIGITS));
    return value.stripTrailingZeros().toPlainString() + " " + UNITS[unit];
  }

  /** Returns both: {@code 1.5 GiB (1610612736 bytes)}. */
  public static String humanAndExact(long bytes) {
    return human(bytes) + " (" + bytes + " bytes)";
  }
}
