package io.basedisk.domain.image;

import io.basedisk.domain.error.InvalidArgumentException;

/** What to repair in an image. */
public enum RepairScope {
  /** Refcounts that are too high, which waste space. */
  LEAKS("leaks"),
  /** Everything that can be repaired without a loss. */
  ALL("all");

  private final String label;

  RepairScope(String label) {
    this.label = label;
  }

  /** Returns its name in commands. */
  public String label() {
    return label;
  }

  /**
   * Returns the scope with that label.
   *
   * @throws InvalidArgumentException if there is none
   */
  public static RepairScope ofLabel(String label) {
    for (RepairScope scope : values()) {
      if (scope.label.equals(label)) {
        return scope;
      }
    }
    throw new InvalidArgumentException("nothing to repair is called so: leaks or all");
  }
}
