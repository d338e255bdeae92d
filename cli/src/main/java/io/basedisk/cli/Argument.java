package io.basedisk.cli;

import static com.google.common.base.Preconditions.checkState;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;

/** What a user gave for an option or a parameter. It is known when the command line was parsed. */
final class Argument<T> {

  private final ArgSpec spec;

  Argument(ArgSpec spec) {
    this.spec = spec;
  }

  /** Returns it, where it has to be given. */
  T get() {
    T value = orNull();
    checkState(value != null, "%s was not given", spec.paramLabel());
    return value;
  }

  /** Returns it, or else {@code fallback}. */
  T or(T fallback) {
    T value = orNull();
    return value == null ? fallback : value;
  }

  /** Returns it, or null if it was not given. */
  @Nullable T orNull() {
    return spec.<T>getValue();
  }

  boolean isGiven() {
    return orNull() != null;
  }
}
