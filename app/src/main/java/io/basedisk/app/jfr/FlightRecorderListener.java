package io.basedisk.app.jfr;

import io.basedisk.domain.event.Event;
import io.basedisk.domain.port.EventListener;
import java.util.Optional;
import jdk.jfr.FlightRecorder;

/**
 * Commits each event to Java Flight Recorder as an event {@code io.basedisk.Event}, if the recorder
 * is in use. A recording needs no setting for it. Without a recorder, this loads none of its
 * classes. Thread-safe.
 */
public final class FlightRecorderListener implements EventListener {

  private FlightRecorderListener() {}

  /** {@return a listener; empty if this Java has no Flight Recorder} */
  public static Optional<EventListener> ifAvailable() {
    return ModuleLayer.boot().findModule("jdk.jfr").isPresent()
        ? Optional.of(new FlightRecorderListener())
        : Optional.empty();
  }

  @Override
  public void on(Event event) {
    if (FlightRecorder.isInitialized()) {
      HomeEvent.of(event).commit();
    }
  }
}
