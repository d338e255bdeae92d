package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;

/**
 * What a home does when the file system can't say whether a process has an image open: without
 * Linux's calls, on a file system without locks, or when processes in other containers are out of
 * sight. A process that is known to have the image open is respected under either policy.
 */
public enum UnknownUsePolicy {
  /** Treat the image as unused. The caller makes sure that no VM runs on it. */
  TRUST_CALLER("trust-caller"),
  /** Treat the image as in use: collect no base, and fork, restore or remove no disk. */
  KEEP("keep-everything");

  private final String label;

  UnknownUsePolicy(String label) {
    this.label = label;
  }

  /** Returns the name of this policy in the store. */
  public String label() {
    return label;
  }

  /**
   * Returns the policy with that label.
   *
   * @throws InvalidArgumentException if no policy has it
   */
  public static UnknownUsePolicy ofLabel(String label) {
    for (UnknownUsePolicy policy : values()) {
      if (policy.label.equals(label)) {
        return policy;
      }
    }
    throw new InvalidArgumentException(
        "invalid decision \"" + Quoted.of(label) + "\": trust-caller or keep-everything");
  }
}
