package io.basedisk.domain.model;

import com.google.common.base.Preconditions;
import java.util.random.RandomGenerator;

/**
 * The id of an operation and of its intent: a random number of 62 bits, at least 1.
 *
 * <p>The operation locks the byte with this number in the lock file. Therefore an id is positive
 * and within the range of a file offset.
 *
 * @param value 1 to 2<sup>62</sup>-1
 */
public record OperationId(long value) {

  private static final long LIMIT = 1L << 62;

  /**
   * Checks the values.
   *
   * @param value see {@link #value}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public OperationId {
    Preconditions.checkArgument(isValid(value), "operation id %s is not in 1 to 2^62-1", value);
  }

  /**
   * {@return whether a number is a valid id}
   *
   * @param value the number
   */
  public static boolean isValid(long value) {
    return value >= 1 && value < LIMIT;
  }

  /**
   * {@return a random id}
   *
   * @param random source of random numbers
   */
  public static OperationId mint(RandomGenerator random) {
    return new OperationId(random.nextLong(1, LIMIT));
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
