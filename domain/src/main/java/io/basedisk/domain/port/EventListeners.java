package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.event.Event;

/**
 * Tells each event to several listeners, in their order, and never throws: an operation that is
 * durable must not fail, or stop half way through what is left to do, because somebody could not
 * listen. Safe for many threads.
 */
public final class EventListeners implements EventListener {

  /** Is told what a listener threw. What it throws itself is lost. */
  @FunctionalInterface
  public interface Failures {

    /** Drops it. */
    Failures DROPPED = (listener, event, thrown) -> {};

    /** Is told that {@code listener} threw something when it was told of {@code event}. */
    void on(EventListener listener, Event event, Throwable thrown);
  }

  private final ImmutableList<EventListener> listeners;
  private final Failures failures;

  public EventListeners(ImmutableList<EventListener> listeners, Failures failures) {
    this.listeners = listeners;
    this.failures = failures;
  }

  /**
   * Returns a listener that never throws: {@code listener} if it is such a one, else one around it.
   */
  public static EventListener contain(EventListener listener) {
    return listener instanceof EventListeners
        ? listener
        : new EventListeners(ImmutableList.of(listener), Failures.DROPPED);
  }

  @Override
  public void on(Event event) {
    for (EventListener listener : listeners) {
      try {
        listener.on(event);
      } catch (Throwable thrown) {
        report(listener, event, thrown);
      }
    }
  }

  private void report(EventListener listener, Event event, Throwable thrown) {
    try {
      failures.on(listener, event, thrown);
    } catch (Throwable lost) {
      thrown.addSuppressed(lost);
    }
  }
}
