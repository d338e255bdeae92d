package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;
import java.util.regex.Pattern;

/**
 * How many backing files a disk may have below it before it is worth compacting.
 *
 * @param layers at least 1: a disk that is compacted still stands on a base
 */
public record MaxDepth(int layers) {

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  /** What holds where nobody says otherwise. */
  public static final MaxDepth DEFAULT = new MaxDepth(32);

  /**
   * @throws InvalidArgumentException if {@code layers} is less than 1
   */
  public MaxDepth {
    if (layers < 1) {
      throw new InvalidArgumentException("invalid depth " + layers + ": the least is 1");
    }
  }

  /**
   * Reads a number of layers.
   *
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
