/** What happened, for whoever wants to know: typed events that a listener is told. */
@NullMarked
package io.basedisk.domain.event;

import org.jspecify.annotations.NullMarked;
