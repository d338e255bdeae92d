package io.basedisk.app.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.app.SampleEvents;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.EventListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Flight Recorder has recorded, read back. */
class FlightRecorderListenerTest {

  @TempDir private Path directory;

  /** Returns what was recorded, with any setting that a user may have, while an action ran. */
  private ImmutableList<RecordedEvent> recorded(Runnable action) throws IOException {
    Path file = directory.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.start();
      action.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("io.basedisk."))
        .collect(ImmutableList.toImmutableList());
  }

  private static RecordedEvent only(List<RecordedEvent> all, String name) {
    List<RecordedEvent> found =
        all.stream().filter(e -> e.getEventType().getName().equals("io.basedisk." + name)).toList();
    assertEquals(1, found.size(), () -> name + " in " + all);
    return found.get(0);
  }

  @Test
  void what_was_done_to_a_home_is_in_a_recording() throws IOException {
    BoxId box = BoxId.of("web-1");
    BaseDisk[] base = new BaseDisk[1];

    List<RecordedEvent> events =
        recorded(
            () -> {
              try (BaseDisks disks = BaseDisks.open(directory.resolve("home"))) {
                disks.boxes().create(box, ByteSize.parse("1M"));
                base[0] = disks.snapshots().create(box, new SnapshotName("daily"));
                disks.boxes().remove(box, SnapshotsOnRemoval.REMOVE);
              }
            });

    RecordedEvent fork = only(events, "Fork");
    assertEquals(base[0].id().value(), fork.getString("id"));
    assertEquals("web-1", fork.getString("box"));
    assertEquals("daily", fork.getString("name"));
    assertEquals(base[0].diskInfo().sizeBytes(), fork.getLong("bytes"));
    RecordedEvent collection = only(events, "Collection");
    assertEquals(base[0].id().value(), collection.getString("id"));
    assertTrue(collection.getLong("bytes") > 0, collection::toString);
    List<RecordedEvent> operations =
        events.stream()
            .filter(event -> event.getEventType().getName().equals("io.basedisk.Operation"))
            .toList();
    assertEquals(
        List.of("create_boxes", "fork", "remove_box"),
        operations.stream().map(event -> event.getString("operation")).toList());
    assertTrue(operations.get(1).getDuration("took").toNanos() > 0, operations::toString);
  }

  @Test
  void every_kind_of_event_is_recorded_as_one_of_its_own() throws IOException {
    EventListener listener = FlightRecorderListener.ifAvailable().orElseThrow();

    List<RecordedEvent> events = recorded(() -> SampleEvents.ALL.forEach(listener::on));

    assertEquals(SampleEvents.ALL.size(), events.size(), events::toString);
    assertEquals(
        SampleEvents.ALL.size(),
        events.stream().map(event -> event.getEventType().getName()).distinct().count());
  }
}
