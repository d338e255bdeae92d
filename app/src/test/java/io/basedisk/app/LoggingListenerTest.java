package io.basedisk.app;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.OperationId;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The log lines of events. */
class LoggingListenerTest {

  private final RecordingLogger logger = new RecordingLogger();
  private final LoggingListener listener = new LoggingListener(logger);

  @Test
  void the_samples_are_of_every_kind() {
    assertEquals(
        kindsOf(Event.class).collect(toSet()),
        SampleEvents.ALL.stream().map(Event::getClass).collect(toSet()));
  }

  private static Stream<Class<?>> kindsOf(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(LoggingListenerTest::kindsOf)
        : Stream.of(type);
  }

  @Test
  void every_kind_of_event_has_words() {
    for (Event event : SampleEvents.ALL) {
      logger.lines.clear();
      listener.on(event);
      assertEquals(1, logger.lines.size());
      assertNotEquals(
          event.toString(), logger.lines.get(0).substring(logger.lines.get(0).indexOf(' ') + 1));
    }
  }

  @Test
  void a_line_says_what_happened_to_what() {
    listener.on(new Event.Collected(Optional.empty(), new BaseDiskId("base0001"), 4096));
    assertEquals(List.of("INFO collected base base0001, freed 4096 bytes"), logger.lines);
  }

  @Test
  void many_boxes_are_counted() {
    listener.on(
        new Event.Cloned(
            new OperationId(5),
            BoxId.of("a"),
            new BaseDiskId("base0001"),
            IntStream.range(0, 1000)
                .mapToObj(i -> BoxId.of("c" + i))
                .collect(ImmutableList.toImmutableList())));
    assertEquals(
        List.of(
            "INFO cloned box a on base base0001: c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, 990 more"),
        logger.lines);
  }

  @Test
  void events_without_a_request_are_logged_as_details() {
    logger.least = Level.INFO;
    SampleEvents.ALL.stream()
        .filter(event -> event instanceof Event.Kept || event instanceof Event.Performed)
        .forEach(listener::on);
    assertEquals(List.of(), logger.lines);
  }
}
