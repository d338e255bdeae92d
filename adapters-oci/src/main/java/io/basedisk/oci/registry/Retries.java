package io.basedisk.oci.registry;

import com.google.common.primitives.Longs;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.StorageException;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Repeats what failed for a reason that may pass, with longer and longer waits of random length.
 * Thread-safe.
 */
final class Retries {

  /** How often a request is sent that fails each time. */
  static final int ATTEMPTS = 5;

  private static final Duration FIRST_WAIT = Duration.ofMillis(500);

  /** A server may ask for hours; the user rather sees the error. */
  private static final Duration MAX_WAIT = Duration.ofMinutes(1);

  /**
   * An attempt.
   *
   * @param <T> type of its result
   */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws IOException;
  }

  private final RegistryReference reference;
  private final Pacing pacing;

  Retries(RegistryReference reference, Pacing pacing) {
    this.reference = reference;
    this.pacing = pacing;
  }

  /**
   * Runs an attempt until it succeeds.
   *
   * @throws StorageException if it fails too often, or for a reason that does not pass
   */
  <T> T run(Attempt<T> attempt) {
    for (int failures = 0; ; ) {
      try {
        return attempt.run();
      } catch (IOException e) {
        failures++;
        waitAfter(e, failures);
      }
    }
  }

  /**
   * Waits before the next attempt.
   *
   * @param failure why the last one failed
   * @param failures how many have failed, 1 or more
   * @throws StorageException if there is to be none
   */
  void waitAfter(IOException failure, int failures) {
    if (failures >= ATTEMPTS || !Failures.mayPass(failure)) {
      throw Failures.of(reference, failure);
    }
    Duration backoff = FIRST_WAIT.multipliedBy(1L << (failures - 1));
    // At least half of it, so that a busy server gets its pause.
    long half = backoff.toMillis() / 2;
    Duration wait = Duration.ofMillis(half + pacing.random().nextLong(half + 1));
    if (failure instanceof TransientException asked && asked.retryAfter().isPresent()) {
      wait = longer(wait, asked.retryAfter().get());
    }
    sleep(wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private void sleep(Duration wait) {
    try {
      pacing.sleeper().sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedOperationException("the wait for the registry was interrupted", e);
    }
  }

  /** Returns the wait that a {@code Retry-After} header asks for: seconds, or an HTTP date. */
  static Optional<Duration> retryAfter(String header, Clock clock) {
    @Nullable Long seconds = seconds(header);
    if (seconds != null) {
      return Optional.of(Duration.ofSeconds(seconds));
    }
    try {
      ZonedDateTime date = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration wait = Duration.between(clock.instant(), date.toInstant());
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** Returns a number of seconds, at most a day; null if the text is none. */
  static @Nullable Long seconds(String text) {
    @Nullable Long seconds = Longs.tryParse(text.strip());
    return seconds == null || seconds < 0
        ? null
        : Long.valueOf(Math.min(seconds, Duration.ofDays(1).toSeconds()));
  }
}
