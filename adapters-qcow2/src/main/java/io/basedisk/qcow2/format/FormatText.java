package io.basedisk.qcow2.format;

import com.google.common.base.CharMatcher;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Names in image files: bytes without a terminator, decoded as UTF-8. */
final class FormatText {

  private static final CharMatcher PRINTABLE = CharMatcher.inRange(' ', '~');

  private FormatText() {}

  /**
   * {@return a name that can open a file, exactly as QEMU sees it} A name with a zero byte is
   * refused, because QEMU stops reading there. A name that is not UTF-8 is refused, because no
   * {@link String} holds it unchanged.
   *
   * @param what the field's name in a message
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

  /** A way to decode a name. */
  @FunctionalInterface
  interface Reading {
    String read(String what, ByteBuffer bytes) throws FormatException;
  }

  /**
   * {@return a name for listings, as QEMU shows it: it ends before a zero byte, and invalid UTF-8
   * is replaced}
   */
  static String asQemuShows(String what, ByteBuffer bytes) {
    String text = shown(bytes);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  /** {@return a name for messages and listings; invalid UTF-8 is replaced} */
  static String shown(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  /** {@return a name in quotes, safe in a one-line message} */
  static String quoted(String text) {
    return "\"" + PRINTABLE.negate().replaceFrom(text, '?') + "\"";
  }
}
