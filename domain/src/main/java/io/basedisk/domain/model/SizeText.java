package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as text: {@code 512}, {@code 10G}, {@code 1.5G}, {@code 10GiB}, {@code 10 GiB}.
 * The units are powers of 1024, in upper or lower case. The value is exact: a fraction of a byte is
 * an error, because a rounded size would differ from the one that the user has in mind.
 */
final class SizeText {

  private static final Pattern FORM =
      Pattern.compile(
          "([0-9]{1,40})(\\.[0-9]{1,40})? ?(?:([KMGTPE])(?:iB)?|B)?", Pattern.CASE_INSENSITIVE);

  private static final String UNITS = "KMGTPE";
  private static final int BITS_A_UNIT = 10;

  private SizeText() {}

  /**
   * {@return the number of bytes, 0 to 2<sup>63</sup>-1}
   *
   * @throws InvalidArgumentException if the text has another form, or is no such number
   */
  static long parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw invalid(
          text,
          "expected a number and optionally one of K, M, G, T, P, E, or KiB to EiB, as in 10G or"
              + " 1.5 GiB");
    }
    String fraction = matcher.group(2) == null ? "" : matcher.group(2);
    int unit =
        matcher.group(3) == null ? 0 : UNITS.indexOf(matcher.group(3).toUpperCase(Locale.ROOT)) + 1;
    BigDecimal bytes =
        new BigDecimal(matcher.group(1) + fraction)
            .multiply(BigDecimal.valueOf(1L << (BITS_A_UNIT * unit)));
    if (bytes.stripTrailingZeros().scale() > 0) {
      throw invalid(
          text,
          "has a fraction of a byte; the next whole number is "
              + bytes.setScale(0, RoundingMode.UP).toPlainString());
    }
    if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw invalid(text, "too large");
    }
    return bytes.longValueExact();
  }

  private static InvalidArgumentException invalid(String text, String reason) {
    return new InvalidArgumentException("invalid size \"" + Quoted.of(text) + "\": " + reason);
  }
}
