package io.basedisk.oci.registry;

import com.google.common.base.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Time that stands still until a server stalls: then each look at the clock is an hour later, until
 * the client waits for its next attempt. Nothing waits in earnest.
 */
final class TestPacing {

  static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

  private final AtomicLong nanos = new AtomicLong();
  private final List<Duration> waits = new CopyOnWriteArrayList<>();
  private volatile boolean isStalled;
  private volatile Instant now = NOW;

  Pacing pacing() {
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            return now;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }
        };
    Ticker ticker =
        new Ticker() {
          @Override
          public long read() {
            return isStalled ? nanos.addAndGet(Duration.ofHours(1).toNanos()) : nanos.get();
          }
        };
    return new Pacing(
        clock,
        ticker,
        wait -> {
          isStalled = false;
          waits.add(wait);
        },
        new Random(1));
  }

  /** Lets time pass for the waiting client. */
  void stall() {
    isStalled = true;
  }

  /** Lets the date pass. */
  void advance(Duration time) {
    now = now.plus(time);
  }

  /** How long the client would have waited between its attempts. */
  List<Duration> waits() {
    return List.copyOf(waits);
  }
}
