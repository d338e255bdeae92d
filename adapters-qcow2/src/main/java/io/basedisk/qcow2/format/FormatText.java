package io.basedisk.qcow2.format;

import com.google.common.base.CharMatcher;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Names in image files: bytes without a terminator, which we take for UTF-8. */
final class FormatText {

  private static final CharMatcher PRINTABLE = CharMatcher.inRange(' ', '~');

  private FormatText() {}

  /**
   * Returns a name that something may be done with. So it has to be the name that QEMU sees: one
   * with a zero byte, where QEMU stops reading, and one that is not UTF-8, which would have to be
   * changed to be a {@link String}, are refused.
   *
   * @param what what it names, as it should read in a message
   */
  static String exact(String what, ByteBuffer bytes) throws FormatException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException(what + " is not UTF-8");
    }
    if (text.indexOf('\0') >= 0) {
      throw new FormatException(what + " has a zero byte in it");
    }
    return text;
  }

  /** How a name is taken from its bytes. */
  @FunctionalInterface
  interface Reading {
    String read(String what, ByteBuffer bytes) throws FormatException;
  }

  /**
   * Returns a name that is only shown, as QEMU shows it: up to a zero byte, and with what is not
   * UTF-8 replaced.
   */
  static String asQemuShows(String what, ByteBuffer bytes) {
    String text = shown(bytes);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  /** Returns a name that is only shown; what is not UTF-8 in it is replaced. */
  static String shown(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  /** Returns a name that is safe in a one-line message. */
  static String quoted(String text) {
    return "\"" + PRINTABLE.negate().replaceFrom(text, '?') + "\"";
  }
}
