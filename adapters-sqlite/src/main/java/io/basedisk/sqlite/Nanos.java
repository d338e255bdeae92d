package io.basedisk.sqlite;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Times to the nanosecond, as the database has them: nanoseconds since 1970. What is centuries away
 * is the first or the last of them.
 */
final class Nanos {

  private Nanos() {}

  static long of(Instant time) {
    return TimeUnit.NANOSECONDS.convert(Duration.between(Instant.EPOCH, time));
  }

  static Instant toInstant(long nanos) {
    return Instant.EPOCH.plusNanos(nanos);
  }
}
