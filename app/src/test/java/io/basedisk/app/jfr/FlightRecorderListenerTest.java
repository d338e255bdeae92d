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
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.testing.Records;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recording of Flight Recorder, read back. */
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
        .filter(event -> event.getEventType().getName().equals("io.basedisk.Event"))
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<RecordedEvent> ofKind(List<RecordedEvent> all, String kind) {
    return all.stream()
        .filter(event -> event.getString("kind").equals(kind))
        .collect(ImmutableList.toImmutableList());
  }

  private static RecordedEvent only(List<RecordedEvent> all, String kind) {
    List<RecordedEvent> found = ofKind(all, kind);
    assertEquals(1, found.size(), () -> kind + " in " + all);
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

    RecordedEvent fork = only(events, "Forked");
    assertEquals(base[0].id().value(), fork.getString("base"));
    assertEquals("web-1", fork.getString("box"));
    assertEquals("snapshot", fork.getString("baseKind"));
    assertEquals("daily", fork.getString("name"));
    assertEquals(base[0].diskInfo().sizeBytes(), fork.getLong("bytes"));
    RecordedEvent collection = only(events, "Collected");
    assertEquals(base[0].id().value(), collection.getString("base"));
    assertTrue(collection.getLong("bytes") > 0, collection::toString);
    List<RecordedEvent> operations = ofKind(events, "Performed");
    assertEquals(
        List.of("create_boxes", "fork", "remove_box"),
        operations.stream().map(event -> event.getString("operation")).toList());
    assertTrue(operations.get(1).getDuration("took").toNanos() > 0, operations::toString);
    assertEquals(operations.get(1).getLong("operationId"), fork.getLong("operationId"));
    assertEquals(operations.get(2).getLong("operationId"), collection.getLong("operationId"));
  }

  @Test
  void every_kind_of_event_is_recorded_under_its_name() throws IOException {
    List<RecordedEvent> events = recordedSamples();

    assertEquals(
        SampleEvents.ALL.stream().map(event -> event.getClass().getSimpleName()).toList(),
        events.stream().map(event -> event.getString("kind")).toList());
  }

  @Test
  void nothing_that_an_event_says_of_its_subject_is_lost() throws IOException {
    List<RecordedEvent> events = recordedSamples();

    assertFields(
        only(events, "CopiedForFork"),
        Map.of("path", "/boxes/web-1/disks/disk.qcow2", "operationId", 5L),
        "base: " + Records.basePath("base0001"));
    assertFields(
        only(events, "Cloned"), Map.of("box", "web-1", "base", "base0001", "boxes", 2), null);
    assertFields(
        only(events, "HomeUnusable"),
        Map.of("operationId", 0L),
        "problem: ELSEWHERE; message: its store was made for a home elsewhere");
    assertFields(
        only(events, "SnapshotRemoved"),
        Map.of("box", "web-1", "boxes", 1, "name", "daily", "base", "base0001"),
        null);
    assertFields(
        only(events, "Kept"),
        Map.of("base", "base0001", "operationId", 5L),
        "reason: "
            + new KeepReason.IsSnapshot(BoxId.of("web-1"), new SnapshotName("daily")).describe());
    assertFields(
        only(events, "Swept"),
        Map.of("path", "/boxes/web-1/disks/disk.qcow2", "bytes", 8192L),
        null);
    assertFields(
        only(events, "Repaired"),
        Map.of("path", "/boxes/web-1/disks/disk.qcow2"),
        "detail: is writable; remedy: take that away");
    assertFields(only(events, "Performed"), Map.of("operationId", 5L, "took", 7_000_000L), null);
    assertFields(
        only(events, "LeftUndecided"), Map.of("operationId", 5L), "reason: its disk is away");
  }

  private List<RecordedEvent> recordedSamples() throws IOException {
    EventListener listener = FlightRecorderListener.ifAvailable().orElseThrow();
    return recorded(() -> SampleEvents.ALL.forEach(listener::on));
  }

  private static void assertFields(
      RecordedEvent event, Map<String, Object> fields, @Nullable String detail) {
    fields.forEach((name, value) -> assertEquals(value, event.getValue(name), event::toString));
    assertEquals(detail, event.getString("detail"));
  }
}
