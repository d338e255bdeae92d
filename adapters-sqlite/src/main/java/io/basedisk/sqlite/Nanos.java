package io.basedisk.sqlite;

import java.time.Instant;

/** Times that are kept to the nanosecond: as nanoseconds since 1970. */
final class Nanos {

  private static final long A_SECOND = 1_000_000_000;

  private Nanos() {}

  static long of(Instant time) {
    return Math.addExact(Math.multiplyExact(time.getEpochSecond(), A_SECOND), time.getNano());
  }

  static Instant toInstant(long nanos) {
    return Instant.EPOCH.plusNanos(nanos);
  }
}
