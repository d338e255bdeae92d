package io.basedisk.domain.model;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Times as records keep them: to the second. */
public final class RecordTimes {

  private RecordTimes() {}

  /** Returns the time of a clock as records keep it. */
  public static Instant now(InstantSource clock) {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
