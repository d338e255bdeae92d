package io.basedisk.domain.testing;

/**
 * How often a long test repeats its cases. By default each kind of case runs, a few times or once;
 * the profile {@code thorough}, or {@code -Dbasedisk.thorough=true}, repeats them.
 */
public final class Repeats {

  private static final boolean THOROUGH = Boolean.getBoolean("basedisk.thorough");

  private Repeats() {}

  /** Returns the number for this run. */
  public static int of(int usual, int thorough) {
    return THOROUGH ? thorough : usual;
  }

  /** Returns the number that the system property {@code name} says, if it is set. */
  public static int of(String name, int usual, int thorough) {
    return Integer.getInteger(name, of(usual, thorough));
  }
}
