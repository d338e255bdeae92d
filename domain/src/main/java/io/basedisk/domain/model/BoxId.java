package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a box: a letter or digit, then letters, digits, {@code .}, {@code _}, {@code -}; 128
 * characters at most. Every box name is therefore a safe file name.
 *
 * <p>The only other value is {@link #GLOBAL}, the source of bases that belong to no box.
 *
 * @param value the name
 */
public record BoxId(String value) implements Comparable<BoxId> {

  private static final String GLOBAL_VALUE = "__global__";
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /** The source box of bases in the rootfs cache. No box can have this name. */
  public static final BoxId GLOBAL = new BoxId(GLOBAL_VALUE);

  /**
   * Checks the values.
   *
   * @param value see {@link #value}
   * @throws InvalidArgumentException if {@code value} is not a box name
   */
  public BoxId {
    if (!VALID.matcher(value).matches() && !value.equals(GLOBAL_VALUE)) {
      throw new InvalidArgumentException(
          "invalid box name \""
              + Quoted.of(value)
              + "\": expected a letter or digit, then letters, digits, '.', '_' or '-',"
              + " 128 characters at most");
    }
  }

  /**
   * {@return a box name; empty if {@code value} is not a valid one}
   *
   * @param value the text
   */
  public static Optional<BoxId> find(String value) {
    return VALID.matcher(value).matches() ? Optional.of(new BoxId(value)) : Optional.empty();
  }

  /**
   * {@return a box name from user input} It can't be {@link #GLOBAL}.
   *
   * @param value the text
   * @throws InvalidArgumentException if {@code value} is not a box name
   */
  public static BoxId of(String value) {
    if (value.equals(GLOBAL_VALUE)) {
      throw new InvalidArgumentException("invalid box name \"" + value + "\": it is reserved");
    }
    return new BoxId(value);
  }

  // equals, hashCode and toString are written by hand: the JVM generates a record's own at their
  // first call, which takes as long as a store query of a short command.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BoxId id && value.equals(id.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public int compareTo(BoxId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
