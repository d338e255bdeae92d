package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.event.Event;
import java.util.List;

/**
 * Sends each event to several listeners, in order, and never throws: a listener's failure must not
 * stop an operation after its change is durable. Thread-safe if its listeners are.
 */
public final class EventListeners implements EventListener {

  /** Receives the exceptions of listeners. Its own exceptions are ignored. */
  @FunctionalInterface
  public interface Failures {

    /** Ignores every failure. */
    Failures DROPPED = (listener, event, thrown) -> {};

    /**
     * Receives one failure.
     *
     * @param listener the listener that threw
     * @param event the event that the listener received
     * @param thrown what it threw
     */
    void on(EventListener listener, Event event, Throwable thrown);
  }

  private final ImmutableList<EventListener> listeners;
  private final Failures failures;

  /**
   * Makes a listener of several listeners.
   *
   * @param listeners the receivers of each event, in order
   * @param failures receives the exceptions of the listeners
   */
  public EventListeners(List<EventListener> listeners, Failures failures) {
    this.listeners = ImmutableList.copyOf(listeners);
    this.failures = failures;
  }

  /**
   * {@return a listener that never throws: {@code listener} itself, or a wrapper that ignores its
   * exceptions}
   *
   * @param listener the listener
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
      // An exception can't suppress itself: that would be thrown into the operation.
      if (lost != thrown) {
        thrown.addSuppressed(lost);
      }
    }
  }
}
