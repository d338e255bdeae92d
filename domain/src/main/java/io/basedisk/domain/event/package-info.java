/**
 * Events: what happened in a home. Each kind of event is a record in the sealed interface {@link
 * io.basedisk.domain.event.Event}, so that a listener can switch over all of them.
 *
 * <p>An operation sends an event to its {@link io.basedisk.domain.port.EventListener} when the
 * change is durable. All events of one operation have the operation's id; {@code Event.Performed},
 * or a rollback, is the last one before the events of its collection.
 */
@NullMarked
package io.basedisk.domain.event;

import org.jspecify.annotations.NullMarked;
