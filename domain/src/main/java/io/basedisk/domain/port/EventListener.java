package io.basedisk.domain.port;

import io.basedisk.domain.event.Event;

/**
 * Is told what operations did, in the thread that does them and after it is durable.
 *
 * <p>It must be quick and safe for many threads, and must not start an operation itself: the one
 * that tells it may still hold its locks. It can refuse nothing, since what it is told is done and
 * stays done. So what it throws goes no further than {@link EventListeners}: the operation goes on,
 * its caller does not notice, and other listeners are told all the same.
 *
 * <p>What a process does not live to tell is not told later: that something was not told does not
 * say that it was not done.
 */
@FunctionalInterface
public interface EventListener {

  /** A listener that listens to nothing. */
  EventListener NONE = event -> {};

  /** Is told of one event. */
  void on(Event event);
}
