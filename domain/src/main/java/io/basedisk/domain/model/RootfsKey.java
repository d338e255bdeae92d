package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;

/**
 * The key of an entry in the rootfs cache, unique within the home: 1 to 255 bytes of UTF-8, no
 * {@code /}, {@code \}, control character or unpaired surrogate, and no leading {@code .} or {@code
 * -}.
 *
 * <p>A new key has no leading or trailing blank either; see {@link #of}. Earlier versions recorded
 * such keys, so that a record may have one.
 *
 * @param value the key
 */
public record RootfsKey(String value) implements BaseName {

  /**
   * Checks the values.
   *
   * @param value see {@link #value}
   * @throws InvalidArgumentException if {@code value} is not a rootfs key
   */
  public RootfsKey {
    if (!BaseName.isWellFormed(value)) {
      throw new InvalidArgumentException(
          "invalid rootfs key \""
              + Quoted.of(value)
              + "\": expected 1 to 255 bytes without '/', '\\' or control characters,"
              + " not starting with '.' or '-'");
    }
  }

  /**
   * {@return a key for a new entry, from user input}
   *
   * @param value the text
   * @throws InvalidArgumentException if {@code value} is not a rootfs key, or starts or ends with a
   *     blank
   */
  public static RootfsKey of(String value) {
    RootfsKey key = new RootfsKey(value);
    if (isBlank(value.codePointAt(0)) || isBlank(value.codePointBefore(value.length()))) {
      throw new InvalidArgumentException(
          "invalid rootfs key \"" + Quoted.of(value) + "\": it starts or ends with a blank");
    }
    return key;
  }

  private static boolean isBlank(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  @Override
  public String toString() {
    return value;
  }
}
