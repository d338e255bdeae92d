package io.basedisk.cli.demo;

/**
 * Something that a step had to make true.
 *
 * @param what what was looked at, and what it must be
 * @param failure why it is not; empty if it is
 */
public record Check(String what, String failure) {

  static Check passed(String what) {
    return new Check(what, "");
  }

  static Check that(boolean holds, String what) {
    return new Check(what, holds ? "" : "it is not so");
  }

  public boolean hasPassed() {
    return failure.isEmpty();
  }
}
