package io.basedisk.domain.model;

import com.google.common.base.Preconditions;
import java.util.random.RandomGenerator;

/**
 * The id of an operation and of its intent: a random number of 62 bits, at least 1.
 *
 * <p>It numbers the byte that the operation's owner locks, so it is positive and, with room to
 * spare, within the range of a file offset.
 */
public record OperationId(long value) {

  private static final long LIMIT = 1L << 62;

  public OperationId {
    Preconditions.checkArgument(isValid(value), "operation id %s is not in 1 to 2^62-1", value);
  }

  /** Returns whether {@code value} can be the number of an operation. */
  public static boolean isValid(long value) {
    return value >= 1 && value < LIMIT;
  }

  /** Returns a random id. */
  public static OperationId mint(RandomGenerator random) {
    return new OperationId(random.nextLong(1, LIMIT));
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
