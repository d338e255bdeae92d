package io.basedisk.domain.model;

import com.google.common.base.Preconditions;

/**
 * A change of some bytes of an image's header, which one write makes. The bytes are as long before
 * as after, and lie within the image's first cluster.
 *
 * @param offset where they begin, in bytes from the start of the file
 * @param before what they were, as lower-case hexadecimal digits
 * @param after what they become, as lower-case hexadecimal digits
 */
public record HeaderPatch(int offset, String before, String after) {

  public HeaderPatch {
    Preconditions.checkArgument(offset >= 0, "the offset %s is negative", offset);
    Preconditions.checkArgument(
        before.length() == after.length() && before.length() % 2 == 0,
        "a patch of %s hexadecimal digits by %s",
        before.length(),
        after.length());
  }

  /** Returns the change that undoes this one. */
  public HeaderPatch reversed() {
    return new HeaderPatch(offset, after, before);
  }

  /** Returns whether it changes nothing. */
  public boolean isEmpty() {
    return before.equals(after);
  }
}
