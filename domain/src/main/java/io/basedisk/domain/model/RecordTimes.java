package io.basedisk.domain.model;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Times in the precision of the store's records: whole seconds. */
public final class RecordTimes {

  private RecordTimes() {}

  /**
   * {@return the current time, truncated to seconds}
   *
   * @param clock the clock
   */
  public static Instant now(InstantSource clock) {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
