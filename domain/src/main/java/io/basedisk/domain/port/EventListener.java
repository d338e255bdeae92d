package io.basedisk.domain.port;

import io.basedisk.domain.event.Event;

/**
 * Is told what operations did, in the thread that does them and after it is durable.
 *
 * <p>It must be quick and safe for many threads. What it throws reaches the operation's caller,
 * though what was done stays done.
 */
@FunctionalInterface
public interface EventListener {

  /** A listener that listens to nothing. */
  EventListener NONE = event -> {};

  /** Is told of one event. */
  void on(Event event);
}
