package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;
import java.util.regex.Pattern;

/**
 * The maximum number of backing files below a disk. A deeper disk is compacted.
 *
 * @param layers number of backing files, at least 1, because a compacted disk still has a base
 */
public record MaxDepth(int layers) {

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  /** The default depth. */
  public static final MaxDepth DEFAULT = new MaxDepth(32);

  /**
   * Checks the values.
   *
   * @param layers see {@link #layers}
   * @throws InvalidArgumentException if {@code layers} is less than 1
   */
  public MaxDepth {
    if (layers < 1) {
      throw new InvalidArgumentException("invalid depth " + layers + ": expected at least 1");
    }
  }

  /**
   * Parses a number of layers.
   *
   * @param text decimal digits
   * @return the maximum depth
   * @throws InvalidArgumentException if {@code text} is not a number of decimal digits, or less
   *     than 1
   */
  public static MaxDepth parse(String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw new InvalidArgumentException(
          "invalid depth \"" + Quoted.of(text) + "\": expected a number of layers, at least 1");
    }
    return new MaxDepth(Integer.parseInt(text));
  }
}
