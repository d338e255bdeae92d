package io.basedisk.domain.model;

import com.google.common.base.Preconditions;

/**
 * A replacement of bytes in an image's header by the same number of bytes, in one write. All of
 * them are in the image's first cluster.
 *
 * @param offset offset of the first byte in the file
 * @param before the old bytes in lower-case hexadecimal
 * @param after the new bytes in lower-case hexadecimal
 */
public record HeaderPatch(int offset, String before, String after) {

  /**
   * Checks the values.
   *
   * @param offset see {@link #offset}
   * @param before see {@link #before}
   * @param after see {@link #after}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public HeaderPatch {
    Preconditions.checkArgument(offset >= 0, "the offset %s is negative", offset);
    Preconditions.checkArgument(
        before.length() == after.length() && before.length() % 2 == 0,
        "a patch replaces %s hexadecimal digits by %s",
        before.length(),
        after.length());
  }

  /** {@return the patch that undoes this one} */
  public HeaderPatch reversed() {
    return new HeaderPatch(offset, after, before);
  }

  /** {@return whether the old and new bytes are equal} */
  public boolean isEmpty() {
    return before.equals(after);
  }
}
