package io.basedisk.cli.demo;

/**
 * A condition that must hold after a step.
 *
 * @param what the condition
 * @param failure the reason if it does not hold; empty if it holds
 */
public record Check(String what, String failure) {

  static Check passed(String what) {
    return new Check(what, "");
  }

  static Check that(boolean holds, String what) {
    return new Check(what, holds ? "" : "the condition does not hold");
  }

  /** {@return whether the check has passed} */
  public boolean hasPassed() {
    return failure.isEmpty();
  }
}
