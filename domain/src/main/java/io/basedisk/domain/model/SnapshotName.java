package io.basedisk.domain.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.basedisk.domain.error.InvalidArgumentException;

/**
 * The name of a snapshot within its box, or the key of a rootfs: 1 to 255 bytes of UTF-8, no {@code
 * /}, {@code \}, control character or unpaired surrogate, and no leading {@code .} or {@code -}.
 *
 * @param value the name
 */
public record SnapshotName(String value) {

  private static final int MAX_BYTES = 255;

  /**
   * Checks the values.
   *
   * @param value see {@link #value}
   * @throws InvalidArgumentException if {@code value} is not a snapshot name
   */
  public SnapshotName {
    if (!isValid(value)) {
      throw new InvalidArgumentException(
          "invalid name \""
              + Quoted.of(value)
              + "\": expected 1 to 255 bytes without '/', '\\' or control characters,"
              + " not starting with '.' or '-'");
    }
  }

  @Override
  public String toString() {
    return value;
  }

  private static boolean isValid(String value) {
    return !value.isEmpty()
        && value.charAt(0) != '.'
        && value.charAt(0) != '-'
        && value.codePoints().noneMatch(SnapshotName::isForbidden)
        && value.getBytes(UTF_8).length <= MAX_BYTES;
  }

  private static boolean isForbidden(int c) {
    return c == '/'
        || c == '\\'
        || Character.isISOControl(c)
        || Character.getType(c) == Character.SURROGATE;
  }
}
