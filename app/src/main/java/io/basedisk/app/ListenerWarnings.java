package io.basedisk.app;

import com.google.common.base.Ticker;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.EventListeners;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Warns that a listener threw, at most once a minute for each listener. A warning says how many
 * failures of the listener came before it without a warning. Thread-safe.
 */
final class ListenerWarnings implements EventListeners.Failures {

  /** Time after a warning in which further failures of the same listener are only counted. */
  static final Duration QUIET = Duration.ofMinutes(1);

  private final Ticker ticker;
  private final Supplier<Logger> logger;

  /** Listeners are told apart by identity, since a listener's own {@code equals} may fail too. */
  private final IdentityHashMap<EventListener, Silence> silences = new IdentityHashMap<>();

  /**
   * Warns by a given logger.
   *
   * @param ticker the time; it never goes back, so that a changed system clock prolongs no silence
   * @param logger looks up the logger
   */
  ListenerWarnings(Ticker ticker, Supplier<Logger> logger) {
    this.ticker = ticker;
    this.logger = logger;
  }

  /** {@return warnings by the logger {@value LoggingListener#LOGGER}} */
  static ListenerWarnings ofSystem() {
    // The logger is looked up only when a listener fails: starting a logging system takes longer
    // than most commands.
    return new ListenerWarnings(
        Ticker.systemTicker(), () -> System.getLogger(LoggingListener.LOGGER));
  }

  @Override
  public void on(EventListener listener, Event event, Throwable thrown) {
    OptionalLong unlogged = count(listener);
    if (unlogged.isPresent()) {
      logger.get().log(Level.WARNING, describe(listener, event, unlogged.getAsLong()), thrown);
    }
  }

  /** Counts a failure. Returns the number of earlier ones without a warning if this one gets it. */
  private synchronized OptionalLong count(EventListener listener) {
    long now = ticker.read();
    Silence silence = silences.get(listener);
    if (silence != null && now - silence.start < QUIET.toNanos()) {
      silence.failures++;
      return OptionalLong.empty();
    }
    silences.put(listener, new Silence(now));
    return OptionalLong.of(silence == null ? 0 : silence.failures);
  }

  private static String describe(EventListener listener, Event event, long unlogged) {
    String warning = "the listener " + listener + " failed at " + event;
    if (unlogged == 0) {
      return warning;
    }
    return warning
        + (unlogged == 1
            ? "; 1 earlier failure of it was not logged"
            : "; " + unlogged + " earlier failures of it were not logged");
  }

  /** The time since a warning, without further ones. */
  private static final class Silence {

    private final long start;
    private long failures;

    Silence(long start) {
      this.start = start;
    }
  }
}
