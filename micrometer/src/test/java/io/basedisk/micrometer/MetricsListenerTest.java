package io.basedisk.micrometer;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.app.BaseDisks;
import io.basedisk.app.SampleEvents;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.SnapshotName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The meters of operations. */
class MetricsListenerTest {

  private static final BoxId WEB = BoxId.of("web-1");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @TempDir private Path directory;

  private BaseDisks open() {
    return BaseDisks.builder()
        .home(directory.resolve("home"))
        .listener(new MetricsListener(registry))
        .open();
  }

  private long operations(String operation) {
    Timer timer = registry.find(MetricsListener.OPERATION).tag("operation", operation).timer();
    return timer == null ? 0 : timer.count();
  }

  private double count(String counter, String tag, String value) {
    return registry.get(counter).tag(tag, value).counter().count();
  }

  @Test
  void each_operation_of_a_home_is_counted_and_timed() {
    try (BaseDisks disks = open()) {
      disks.boxes().create(WEB, ByteSize.parse("1G"));
      disks.snapshots().create(WEB, new SnapshotName("s1"));
      disks.snapshots().create(WEB, new SnapshotName("s2"));
      disks.boxes().remove(WEB, SnapshotsOnRemoval.REMOVE);
    }
    assertEquals(1, operations("create_boxes"));
    assertEquals(2, operations("fork"));
    assertEquals(1, operations("remove_box"));
    assertTrue(
        registry
                .get(MetricsListener.OPERATION)
                .tag("operation", "fork")
                .timer()
                .totalTime(TimeUnit.NANOSECONDS)
            > 0);
    assertEquals(2, count(MetricsListener.BASES_MADE, "kind", "snapshot"));
    assertEquals(2, count(MetricsListener.EVENTS, "event", "collected"));
    assertTrue(count(MetricsListener.FREED, "event", "collected") > 0);
  }

  @Test
  void an_operation_that_is_rolled_back_has_its_outcome() {
    try (BaseDisks disks = open()) {
      disks.boxes().create(WEB, ByteSize.parse("1G"));
      disks.snapshots().create(WEB, new SnapshotName("s1"));
      assertThrows(
          InterruptedOperationException.class,
          () ->
              disks
                  .clones()
                  .cloneBox(
                      WEB,
                      ImmutableList.of(BoxId.of("a"), BoxId.of("b")),
                      InternalSnapshots.REFUSE,
                      (done, total) -> Thread.currentThread().interrupt()));
      assertTrue(Thread.interrupted());
    }
    assertEquals(
        1,
        registry
            .get(MetricsListener.SETTLED)
            .tags("operation", "create_boxes", "outcome", "rolled_back")
            .counter()
            .count());
    assertEquals(1, operations("create_boxes"), "the creation of " + WEB);
  }

  @Test
  void the_duration_is_that_of_the_operation() {
    MetricsListener listener = new MetricsListener(registry);
    SampleEvents.ALL.stream()
        .filter(Event.Performed.class::isInstance)
        .map(Event.Performed.class::cast)
        .forEach(done -> listener.on(new Event.Performed(done.intent(), Duration.ofSeconds(7))));
    assertEquals(
        7, registry.get(MetricsListener.OPERATION).timer().totalTime(TimeUnit.SECONDS), 1e-9);
  }

  @Test
  void the_number_of_meters_does_not_grow_with_the_names_of_boxes_and_bases() {
    MetricsListener listener = new MetricsListener(registry);
    SampleEvents.ALL.forEach(listener::on);
    ImmutableSet<Meter.Id> ids = ids();

    IntStream.range(0, 1000)
        .forEach(
            i -> {
              BoxId box = BoxId.of("box-" + i);
              BaseDiskId base = new BaseDiskId(String.format("base%04d", i));
              listener.on(new Event.BoxRenamed(box, BoxId.of("new-" + i)));
              listener.on(new Event.Collected(Optional.empty(), base, i));
              listener.on(new Event.NotRead(Path.of("/disk-" + i), "reason " + i));
              listener.on(
                  new Event.Kept(Optional.empty(), base, new KeepReason.OpenIn("pid " + i)));
              listener.on(
                  new Event.Kept(
                      Optional.empty(), base, new KeepReason.ReferencedBy(ImmutableList.of(box))));
            });
    Set<Meter.Id> added = ids().stream().filter(id -> !ids.contains(id)).collect(toSet());
    assertEquals(
        Set.of("open_in", "referenced_by"),
        added.stream().map(id -> id.getTag("reason")).collect(toSet()));
  }

  private ImmutableSet<Meter.Id> ids() {
    return registry.getMeters().stream().map(Meter::getId).collect(ImmutableSet.toImmutableSet());
  }

  @Test
  void no_tag_has_a_name_of_the_home() {
    MetricsListener listener = new MetricsListener(registry);
    SampleEvents.ALL.forEach(listener::on);
    for (Meter.Id id : ids()) {
      for (Tag tag : id.getTags()) {
        assertTrue(
            Set.of("operation", "outcome", "event", "kind", "reason").contains(tag.getKey()),
            id::toString);
        assertTrue(tag.getValue().matches("[a-z_]+"), id::toString);
      }
    }
  }

  @Test
  void each_kind_of_event_is_counted() {
    MetricsListener listener = new MetricsListener(registry);
    SampleEvents.ALL.forEach(listener::on);
    assertEquals(SampleEvents.ALL.size(), registry.get(MetricsListener.EVENTS).counters().size());
  }

  @Test
  void two_homes_are_told_apart_by_tags_of_the_caller() {
    Event event = new Event.CollectionPostponed("no space left");
    new MetricsListener(registry, Tags.of("home", "a")).on(event);
    new MetricsListener(registry, Tags.of("home", "b")).on(event);
    assertEquals(1, count(MetricsListener.EVENTS, "home", "a"));
    assertEquals(1, count(MetricsListener.EVENTS, "home", "b"));
  }

  @Test
  void the_names_in_prometheus_have_their_units() {
    PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    MetricsListener listener = new MetricsListener(prometheus);
    SampleEvents.ALL.forEach(listener::on);
    String text = prometheus.scrape();

    for (String line :
        ImmutableList.of(
            "basedisk_operation_seconds_count{operation=\"fork\"} 1",
            "basedisk_operation_seconds_sum{operation=\"fork\"} 0.007",
            "basedisk_operations_settled_total{operation=\"fork\",outcome=\"rolled_back\"} 1.0",
            "basedisk_events_total{event=\"box_created\"} 1.0",
            "basedisk_bases_made_total{kind=\"snapshot\"} 4.0",
            "basedisk_bases_kept_total{reason=\"is_snapshot\"} 1.0",
            "basedisk_freed_bytes_total{event=\"collected\"} 4096.0")) {
      assertTrue(text.contains(line + "\n"), () -> line + " is not in:\n" + text);
    }
    assertFalse(text.contains("web-1"), text);
  }
}
