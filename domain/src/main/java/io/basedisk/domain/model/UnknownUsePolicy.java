package io.basedisk.domain.model;

import io.basedisk.domain.error.InvalidArgumentException;

/**
 * What operations do when the file system can't say whether a process has an image open. Reasons
 * are an operating system other than Linux, a file system without locks, or processes in other
 * containers. Under either policy, an image that is known to be open counts as in use.
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

  /** {@return the name of this policy in the store} */
  public String label() {
    return label;
  }

  /**
   * {@return the policy with a label}
   *
   * @param label the label
   * @throws InvalidArgumentException if no policy has the label
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
