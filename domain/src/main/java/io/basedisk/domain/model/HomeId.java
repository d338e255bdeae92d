package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The id of a home: a random number of 128 bits, as 32 lower-case hexadecimal digits. A moved home
 * keeps its id. A copied home gets a new id when it is relocated.
 *
 * @param value 32 lower-case hexadecimal digits
 */
public record HomeId(String value) {

  private static final int BYTES = 16;
  private static final Pattern VALID = Pattern.compile("[0-9a-f]{32}");

  /**
   * Checks the values.
   *
   * @param value see {@link #value}
   * @throws InvalidArgumentException if {@code value} is not 32 lower-case hexadecimal digits
   */
  public HomeId {
    if (!VALID.matcher(value).matches()) {
      throw new InvalidArgumentException(
          "invalid home id \"" + Quoted.of(value) + "\": expected 32 digits of 0-9, a-f");
    }
  }

  /**
   * {@return a random id}
   *
   * @param random source of random numbers
   */
  public static HomeId mint(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new HomeId(HexFormat.of().formatHex(bytes));
  }

  @Override
  public String toString() {
    return value;
  }
}
