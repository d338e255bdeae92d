package io.basedisk.domain.model;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The name of a base, unique within its source box: a snapshot's name or a rootfs's key. */
public sealed interface BaseName permits SnapshotName, RootfsKey {

  /** Maximum length of a name in bytes of UTF-8. */
  int MAX_BYTES = 255;

  /** {@return the name as text} */
  String value();

  /**
   * {@return the name of a base of a kind} It is a {@link RootfsKey} for a rootfs, and a {@link
   * SnapshotName} for each other kind.
   *
   * @param kind kind of the base
   * @param value the text
   * @throws io.basedisk.domain.error.InvalidArgumentException if the text is not a valid name
   */
  static BaseName of(BaseDiskKind kind, String value) {
    return kind == BaseDiskKind.ROOTFS ? new RootfsKey(value) : new SnapshotName(value);
  }

  /**
   * {@return whether a base of a kind may have this name}
   *
   * @param kind kind of the base
   */
  default boolean fits(BaseDiskKind kind) {
    return (this instanceof RootfsKey) == (kind == BaseDiskKind.ROOTFS);
  }

  /**
   * {@return whether a text has the form that every name has: 1 to {@link #MAX_BYTES} bytes of
   * UTF-8, no {@code /}, {@code \}, control character or unpaired surrogate, and no leading {@code
   * .} or {@code -}}
   *
   * @param value the text
   */
  static boolean isWellFormed(String value) {
    return !value.isEmpty()
        && value.charAt(0) != '.'
        && value.charAt(0) != '-'
        && value.codePoints().noneMatch(BaseName::isForbidden)
        && value.getBytes(UTF_8).length <= MAX_BYTES;
  }

  private static boolean isForbidden(int c) {
    return c == '/'
        || c == '\\'
        || Character.isISOControl(c)
        || Character.getType(c) == Character.SURROGATE;
  }
}
