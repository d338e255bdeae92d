package io.basedisk.app.jfr;

import io.basedisk.domain.event.Event;
import io.basedisk.domain.port.EventListener;
import java.util.Optional;
import jdk.jfr.FlightRecorder;

/**
 * Commits every event to Java Flight Recorder, where that is in use, as an event {@code
 * io.basedisk.Event}: a recording has them without any setting. Where it is not in use, nothing of
 * it is even loaded. Safe for many threads.
 */
public final class FlightRecorderListener implements EventListener {

  private FlightRecorderListener() {}

  /** Returns one, or empty if this Java has no Flight Recorder. */
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
