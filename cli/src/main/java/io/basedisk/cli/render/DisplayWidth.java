package io.basedisk.cli.render;

import com.google.common.base.CharMatcher;
import org.jline.utils.WCWidth;

/** How many columns of a terminal a text takes: two for a Chinese character or an emoji. */
final class DisplayWidth {

  /** The characters that take one column each; most texts have no others. */
  private static final CharMatcher NARROW = CharMatcher.inRange(' ', '~');

  private DisplayWidth() {}

  /** {@return the number of columns that a text of one line takes} */
  static int of(String text) {
    return NARROW.matchesAllOf(text)
        ? text.length()
        : text.codePoints().map(DisplayWidth::of).sum();
  }

  /** A character that can't be printed counts as one: a terminal shows something in its place. */
  private static int of(int character) {
    int width = WCWidth.wcwidth(character);
    return width < 0 ? 1 : width;
  }

  /** {@return the longest start of a text that takes no more than a number of columns} */
  static String start(String text, int columns) {
    int end = 0;
    int taken = 0;
    while (end < text.length()) {
      int character = text.codePointAt(end);
      taken += of(character);
      if (taken > columns) {
        break;
      }
      end += Character.charCount(character);
    }
    return text.substring(0, end);
  }
}
