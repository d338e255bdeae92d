package io.basedisk.cli;

import static com.google.common.base.Preconditions.checkState;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;

/** The value of an option or a parameter, available once the command line is parsed. */
final class Argument<T> {

  private final ArgSpec spec;

  Argument(ArgSpec spec) {
    this.spec = spec;
  }

  /** {@return the value of a required argument} */
  T get() {
    T value = orNull();
    checkState(value != null, "%s was not given", spec.paramLabel());
    return value;
  }

  /** {@return the value, or {@code fallback} if it was not given} */
  T or(T fallback) {
    T value = orNull();
    return value == null ? fallback : value;
  }

  /** {@return the value, or null if it was not given} */
  @Nullable T orNull() {
    return spec.<T>getValue();
  }

  boolean isGiven() {
    return orNull() != null;
  }
}
