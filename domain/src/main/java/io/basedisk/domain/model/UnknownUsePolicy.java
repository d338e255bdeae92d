package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;

/**
 * What a home does where it can't be told who has a file open: without the calls of Linux, on a
 * file system without locks, or where processes are out of sight that might. What is told is heeded
 * in any case.
 */
public enum UnknownUsePolicy {
  /** The caller sees to it that no VM runs on a disk that is worked on, nor on a base that goes. */
  TRUST_CALLER("trust-caller"),
  /** Somebody may: nothing is collected, and no disk is forked, restored or removed. */
  KEEP("keep-everything");

  private final String label;

  UnknownUsePolicy(String label) {
    this.label = label;
  }

  /** Returns the name of this decision in the store and on the command line. */
  public String label() {
    return label;
  }

  /**
   * Returns the decision with that label.
   *
   * @throws InvalidArgumentException if there is none
   */
  public static UnknownUsePolicy ofLabel(String label) {
    for (UnknownUsePolicy decision : values()) {
      if (decision.label.equals(label)) {
        return decision;
      }
    }
    throw new InvalidArgumentException(
        "invalid decision \"" + Quoted.of(label) + "\": trust-caller or keep-everything");
  }
}
