/**
 * Events: what happened in a home, as types. Each kind is a record of {@link
 * io.basedisk.domain.event.Event}. The code that does something tells the event to {@link
 * io.basedisk.domain.port.EventListener} once it is durable. Events of one operation carry its id.
 */
@NullMarked
package io.basedisk.domain.event;

import org.jspecify.annotations.NullMarked;
