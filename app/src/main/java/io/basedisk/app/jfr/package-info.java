/**
 * The events of a home in Java Flight Recorder. {@link FlightRecorderListener} is told every event
 * and commits it as a {@code HomeEvent}, the one type of event that a recording has of basedisk.
 */
@NullMarked
package io.basedisk.app.jfr;

import org.jspecify.annotations.NullMarked;
