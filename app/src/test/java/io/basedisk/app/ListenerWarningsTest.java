package io.basedisk.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Ticker;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.EventListeners;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The warnings about listeners that throw. */
class ListenerWarningsTest {

  private static final Event EVENT = new Event.CollectionPostponed("no space left");

  private final RecordingLogger logger = new RecordingLogger();
  private long now = Long.MAX_VALUE - 1; // The time of a JVM may overflow.
  private final ListenerWarnings warnings =
      new ListenerWarnings(
          new Ticker() {
            @Override
            public long read() {
              return now;
            }
          },
          () -> logger);

  private final RuntimeException failure = new IllegalStateException("broken");
  private final EventListener broken = throwing("broken listener");

  private EventListener throwing(String name) {
    return new EventListener() {
      @Override
      public void on(Event event) {
        throw failure;
      }

      @Override
      public String toString() {
        return name;
      }
    };
  }

  private void send(int events, EventListener... listeners) {
    EventListeners all = new EventListeners(List.of(listeners), warnings);
    for (int i = 0; i < events; i++) {
      all.on(EVENT);
    }
  }

  @Test
  void a_warning_names_the_listener_the_event_and_the_exception() {
    send(1, broken);
    assertEquals(List.of("WARNING the listener broken listener failed at " + EVENT), logger.lines);
    assertSame(failure, logger.thrown.get(0));
  }

  @Test
  void a_listener_gets_one_warning_a_minute() {
    send(1000, broken);
    now += ListenerWarnings.QUIET.toNanos() - 1;
    send(1, broken);
    assertEquals(1, logger.lines.size());
  }

  @Test
  void after_a_minute_the_next_warning_says_how_many_failures_were_not_logged() {
    send(1000, broken);
    now += ListenerWarnings.QUIET.toNanos();
    send(2, broken);
    assertEquals(2, logger.lines.size());
    assertTrue(
        logger.lines.get(1).endsWith("; 999 earlier failures of it were not logged"),
        () -> logger.lines.get(1));

    now += ListenerWarnings.QUIET.toNanos();
    send(1, broken);
    assertTrue(
        logger.lines.get(2).endsWith("; 1 earlier failure of it was not logged"),
        () -> logger.lines.get(2));
  }

  @Test
  void a_broken_listener_does_not_hide_another() {
    send(3, broken, throwing("other listener"));
    assertEquals(
        List.of(
            "WARNING the listener broken listener failed at " + EVENT,
            "WARNING the listener other listener failed at " + EVENT),
        logger.lines);
  }

  @Test
  void other_listeners_receive_the_event_even_if_the_logger_fails() {
    ListenerWarnings failing =
        new ListenerWarnings(
            Ticker.systemTicker(),
            () -> {
              throw failure;
            });
    List<Event> received = new ArrayList<>();
    new EventListeners(List.of(broken, received::add), failing).on(EVENT);
    assertEquals(List.of(EVENT), received);
  }
}
