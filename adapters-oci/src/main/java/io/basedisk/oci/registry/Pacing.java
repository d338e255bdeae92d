package io.basedisk.oci.registry;

import com.google.common.base.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The clocks, the sleep and the random numbers of a client. A test gives its own, and so waits for
 * nothing.
 *
 * @param clock tells the date: a server names dates
 * @param ticker measures waits
 * @param sleeper waits between attempts
 * @param random spreads the attempts of several clients
 */
record Pacing(Clock clock, Ticker ticker, Sleeper sleeper, RandomGenerator random) {

  /** Waits. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
  }

  /** Returns the pacing of the system's clocks. */
  static Pacing ofSystem() {
    return new Pacing(
        Clock.systemUTC(),
        Ticker.systemTicker(),
        duration -> Thread.sleep(duration.toMillis()),
        RandomGenerator.getDefault());
  }
}
