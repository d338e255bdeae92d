package io.basedisk.cli.render;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import org.jspecify.annotations.Nullable;

/**
 * Escapes of JSON inside a {@code script} element: no text in it can end the element, start a
 * comment, or change the direction of the page's source.
 */
final class HtmlEscapes extends CharacterEscapes {

  private static final long serialVersionUID = 1;

  private static final int[] ASCII = ascii();

  private static int[] ascii() {
    int[] escapes = CharacterEscapes.standardAsciiEscapesForJSON();
    for (char c : new char[] {'<', '>', '&', '\'', 0x7f}) {
      escapes[c] = CharacterEscapes.ESCAPE_STANDARD;
    }
    return escapes;
  }

  @Override
  public int[] getEscapeCodesForAscii() {
    return ASCII.clone();
  }

  @Override
  public @Nullable SerializableString getEscapeSequence(int c) {
    return isInvisible(c) ? new SerializedString(String.format("\\u%04x", c)) : null;
  }

  private static boolean isInvisible(int c) {
    return switch (Character.getType(c)) {
      case Character.FORMAT,
          Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          c > 0x7f;
      default -> false;
    };
  }
}
