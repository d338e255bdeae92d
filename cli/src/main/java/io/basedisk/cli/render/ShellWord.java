package io.basedisk.cli.render;

import com.google.common.base.CharMatcher;

/** Quotes a text as one word of a POSIX shell. */
public final class ShellWord {

  private static final CharMatcher PLAIN =
      CharMatcher.inRange('a', 'z')
          .or(CharMatcher.inRange('A', 'Z'))
          .or(CharMatcher.inRange('0', '9'))
          .or(CharMatcher.anyOf("_@%+=:,./-"));

  private ShellWord() {}

  /**
   * {@return the text as one word}
   *
   * @param text the text
   */
  public static String of(String text) {
    return !text.isEmpty() && PLAIN.matchesAllOf(text)
        ? text
        : "'" + text.replace("'", "'\\''") + "'";
  }
}
