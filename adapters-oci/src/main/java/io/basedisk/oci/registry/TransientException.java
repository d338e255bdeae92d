package io.basedisk.oci.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A failure that may pass: a stall, or an answer that asks to try again. */
final class TransientException extends IOException {

  private static final long serialVersionUID = 1L;

  private final @Nullable Duration retryAfter;

  TransientException(String message) {
    this(message, null);
  }

  /**
   * Creates an exception.
   *
   * @param message what failed, as a clause after the name of the registry
   * @param retryAfter how long the server asks to wait; null if it does not say
   */
  TransientException(String message, @Nullable Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** {@return how long the server asks to wait; empty if it does not say} */
  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
