package io.basedisk.domain.port;

import io.basedisk.domain.event.Event;

/**
 * Receives the events of operations, in the operation's thread, after the change is durable.
 *
 * <p>A listener must be quick and thread-safe. It must not start an operation, because the running
 * operation may hold its locks. It can't veto a change. {@link EventListeners} catches every
 * exception of a listener, so that the operation continues and other listeners receive the event.
 *
 * <p>After a crash, lost events are not sent again: a missing event does not mean that the change
 * did not happen.
 */
@FunctionalInterface
public interface EventListener {

  /** Ignores every event. */
  EventListener NONE = event -> {};

  /**
   * Receives one event.
   *
   * @param event the event
   */
  void on(Event event);
}
