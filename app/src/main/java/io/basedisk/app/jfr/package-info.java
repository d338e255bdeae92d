/**
 * The events of a home in Java Flight Recorder. {@link FlightRecorderListener} receives each event
 * and commits it as a {@code HomeEvent}, the only event type of basedisk in a recording.
 */
@NullMarked
package io.basedisk.app.jfr;

import org.jspecify.annotations.NullMarked;
