package io.basedisk.cli.render;

import com.google.common.base.CharMatcher;
import java.util.Comparator;

/**
 * The order of names in which people count: {@code c2} before {@code c10}. Digits compare as one
 * number of any length, everything else by character. Leading zeros do not count, unless the names
 * are equal without them.
 */
public final class NaturalOrder {

  private static final CharMatcher DIGIT = CharMatcher.inRange('0', '9');

  /** The order of texts. Only equal texts compare as equal. */
  public static final Comparator<String> OF_TEXTS =
      ((Comparator<String>) NaturalOrder::compare).thenComparing(Comparator.naturalOrder());

  private NaturalOrder() {}

  /**
   * {@return the order of things by their {@code toString}}
   *
   * @param <T> the type of the things
   */
  public static <T> Comparator<T> ofNames() {
    return Comparator.comparing(Object::toString, OF_TEXTS);
  }

  private static int compare(String one, String other) {
    int i = 0;
    int j = 0;
    while (i < one.length() && j < other.length()) {
      if (DIGIT.matches(one.charAt(i)) && DIGIT.matches(other.charAt(j))) {
        int endOfOne = endOfDigits(one, i);
        int endOfOther = endOfDigits(other, j);
        int order = compareNumbers(one.substring(i, endOfOne), other.substring(j, endOfOther));
        if (order != 0) {
          return order;
        }
        i = endOfOne;
        j = endOfOther;
      } else if (one.charAt(i) != other.charAt(j)) {
        return Character.compare(one.charAt(i), other.charAt(j));
      } else {
        i++;
        j++;
      }
    }
    return Integer.compare(one.length() - i, other.length() - j);
  }

  private static int endOfDigits(String text, int start) {
    int end = start;
    while (end < text.length() && DIGIT.matches(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static int compareNumbers(String one, String other) {
    String digits = CharMatcher.is('0').trimLeadingFrom(one);
    String others = CharMatcher.is('0').trimLeadingFrom(other);
    // Without leading zeros, the longer number is the larger one.
    return digits.length() == others.length()
        ? digits.compareTo(others)
        : Integer.compare(digits.length(), others.length());
  }
}
