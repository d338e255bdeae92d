package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The id of a base disk: exactly 8 Base62 characters ({@code 0-9A-Za-z}), about 47 bits.
 *
 * <p>A base's file is named after its id. Every id is therefore a safe file name.
 *
 * @param value 8 Base62 characters
 */
public record BaseDiskId(String value) implements Comparable<BaseDiskId> {

  /** Length of an id in characters. */
  public static final int LENGTH = 8;

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final String FILE_SUFFIX = ".qcow2";

  /**
   * Checks the values.
   *
   * @param value see {@link #value}
   * @throws InvalidArgumentException if {@code value} is not 8 Base62 characters
   */
  public BaseDiskId {
    if (!isValid(value)) {
      throw new InvalidArgumentException(
          "invalid base id \"" + Quoted.of(value) + "\": expected 8 characters of 0-9, A-Z, a-z");
    }
  }

  /**
   * {@return a random id} The caller checks that no base has it.
   *
   * @param random source of random numbers
   */
  public static BaseDiskId mint(RandomGenerator random) {
    StringBuilder id = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new BaseDiskId(id.toString());
  }

  /**
   * {@return a random id that is not taken}
   *
   * @param random source of random numbers
   * @param isTaken returns whether a base has an id
   */
  public static BaseDiskId mintUnused(
      RandomGenerator random, Predicate<? super BaseDiskId> isTaken) {
    BaseDiskId id = mint(random);
    while (isTaken.test(id)) {
      id = mint(random);
    }
    return id;
  }

  /**
   * {@return the id in a base's file name; empty if the name is not that of a base's file}
   *
   * @param fileName name of a file, without its directory
   */
  public static Optional<BaseDiskId> ofFileName(String fileName) {
    if (!fileName.endsWith(FILE_SUFFIX)) {
      return Optional.empty();
    }
    String stem = fileName.substring(0, fileName.length() - FILE_SUFFIX.length());
    return isValid(stem) ? Optional.of(new BaseDiskId(stem)) : Optional.empty();
  }

  /** {@return the name of this base's file in the bases directory: {@code <id>.qcow2}} */
  public String fileName() {
    return value + FILE_SUFFIX;
  }

  @Override
  public int compareTo(BaseDiskId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  private static boolean isValid(String value) {
    return value.length() == LENGTH && value.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
  }
}
