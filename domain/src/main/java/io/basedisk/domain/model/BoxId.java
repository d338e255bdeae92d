package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a box: a letter or digit, then letters, digits, {@code .}, {@code _}, {@code -}; 128
 * characters at most. It is safe as a file name by construction.
 *
 * <p>{@link #GLOBAL} is the one other value: the source of what belongs to no box.
 */
public record BoxId(String value) implements Comparable<BoxId> {

  private static final String GLOBAL_VALUE = "__global__";
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /** The source box of shared bases: the rootfs cache. No box can have this name. */
  public static final BoxId GLOBAL = new BoxId(GLOBAL_VALUE);

  /**
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

  /** Returns the box of that name, or empty if no box can have it. */
  public static Optional<BoxId> find(String value) {
    return VALID.matcher(value).matches() ? Optional.of(new BoxId(value)) : Optional.empty();
  }

  /**
   * Returns the box name that a user gave, which can't be {@link #GLOBAL}.
   *
   * @throws InvalidArgumentException if {@code value} is not a box name
   */
  public static BoxId of(String value) {
    if (value.equals(GLOBAL_VALUE)) {
      throw new InvalidArgumentException("invalid box name \"" + value + "\": it is reserved");
    }
    return new BoxId(value);
  }

  // Written out here and below: the methods that a record comes with are made when they are first
  // called, which takes a short command as long as a query of its store.

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
