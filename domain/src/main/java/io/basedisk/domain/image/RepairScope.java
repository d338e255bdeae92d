package io.basedisk.domain.image;

import io.basedisk.domain.error.InvalidArgumentException;

/** The damage to repair in an image. */
public enum RepairScope {
  /** Refcounts that are too high, which waste space. */
  LEAKS("leaks"),
  /** All damage that can be repaired without data loss. */
  ALL("all");

  private final String label;

  RepairScope(String label) {
    this.label = label;
  }

  /** {@return the scope's name in commands} */
  public String label() {
    return label;
  }

  /**
   * {@return the scope with a label}
   *
   * @param label the label
   * @throws InvalidArgumentException if no scope has the label
   */
  public static RepairScope ofLabel(String label) {
    for (RepairScope scope : values()) {
      if (scope.label.equals(label)) {
        return scope;
      }
    }
    throw new InvalidArgumentException("unknown repair scope: expected leaks or all");
  }
}
