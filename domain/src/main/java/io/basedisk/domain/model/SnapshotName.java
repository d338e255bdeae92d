package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;

/**
 * The name of a snapshot within its box: 1 to 255 bytes of UTF-8, no {@code /}, {@code \}, control
 * character or unpaired surrogate, and no leading {@code .} or {@code -}.
 *
 * @param value the name
 */
public record SnapshotName(String value) implements BaseName {

  /**
   * Checks the values.
   *
   * @param value see {@link #value}
   * @throws InvalidArgumentException if {@code value} is not a snapshot name
   */
  public SnapshotName {
    if (!BaseName.isWellFormed(value)) {
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
}
