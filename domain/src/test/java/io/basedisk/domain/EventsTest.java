package io.basedisk.domain;

import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.event.Event.BoxCreated;
import io.basedisk.domain.event.Event.BoxRegistered;
import io.basedisk.domain.event.Event.BoxRemoved;
import io.basedisk.domain.event.Event.Cloned;
import io.basedisk.domain.event.Event.Collected;
import io.basedisk.domain.event.Event.Forked;
import io.basedisk.domain.event.Event.Kept;
import io.basedisk.domain.event.Event.Performed;
import io.basedisk.domain.event.Event.Repaired;
import io.basedisk.domain.event.Event.Restored;
import io.basedisk.domain.event.Event.SnapshotRemoved;
import io.basedisk.domain.event.Event.Swept;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.EventListeners;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every operation tells what happened, and nothing that a listener does can change that. */
final class EventsTest {

  private final Fleet fleet = new Fleet();

  /** Returns what was told since this was last asked, without that operations are complete. */
  private List<Event> told() {
    List<Event> told =
        fleet.events.stream().filter(event -> !(event instanceof Performed)).toList();
    fleet.events.clear();
    return told;
  }

  @Test
  void that_a_box_was_created() {
    fleet.create("a");
    assertEquals(List.of(new BoxCreated(fleet.lastOperation(), box("a"))), told());
  }

  @Test
  void that_a_disk_was_forked() {
    fleet.create("a");
    told();
    BaseDisk base = fleet.fork("a");
    assertEquals(List.of(new Forked(fleet.lastOperation(), base, disk("a"))), told());
  }

  @Test
  void that_a_box_was_registered_with_its_fork() {
    Path directory = Path.of("/home/basedisk/boxes/elsewhere");
    fleet.disks.withDirectory(directory, 0755);
    fleet.disks.makeDisk(directory.resolve("disk.qcow2"), 1 << 20);
    BaseDisk base =
        fleet.useCases.bases().create(box("a"), directory, BaseDiskKind.CLONE_BASE, null);
    assertEquals(
        List.of(
            new BoxRegistered(fleet.lastOperation(), box("a"), directory),
            new Forked(fleet.lastOperation(), base, directory.resolve("disk.qcow2"))),
        told());
  }

  @Test
  void that_a_box_was_cloned() {
    fleet.create("a");
    told();
    BaseDisk base = fleet.cloneBox("a", "b", "c");
    OperationId fork = fleet.events.get(0).operation().orElseThrow();
    assertNotEquals(fork, fleet.lastOperation());
    assertEquals(
        List.of(
            new Forked(fork, base, disk("a")),
            new BoxCreated(fleet.lastOperation(), box("b")),
            new BoxCreated(fleet.lastOperation(), box("c")),
            new Cloned(
                fleet.lastOperation(), box("a"), base.id(), ImmutableList.of(box("b"), box("c")))),
        told());
  }

  @Test
  void that_a_box_was_restored_and_what_that_freed() {
    fleet.create("a");
    BaseDisk snapshot = fleet.snapshot("a", "s");
    BaseDisk later = fleet.fork("a");
    long bytes = fleet.disks.status(later.diskInfo().basePath()).orElseThrow().allocatedBytes();
    told();
    fleet.restore("a", "s");
    assertEquals(
        List.of(
            new Restored(fleet.lastOperation(), box("a"), snapshot.id()),
            new Collected(Optional.of(fleet.lastOperation()), later.id(), bytes),
            new Kept(
                Optional.of(fleet.lastOperation()),
                snapshot.id(),
                new KeepReason.IsSnapshot(box("a"), new SnapshotName("s")))),
        told());
  }

  @Test
  void that_a_snapshot_was_removed_and_why_its_content_stays() {
    fleet.create("a");
    BaseDisk snapshot = fleet.snapshot("a", "s");
    told();
    fleet.removeSnapshot("a", "s");
    assertEquals(
        List.of(
            new SnapshotRemoved(Optional.empty(), box("a"), new SnapshotName("s"), snapshot.id()),
            new Kept(
                Optional.empty(),
                snapshot.id(),
                new KeepReason.ReferencedBy(ImmutableList.of(box("a"))))),
        told());
  }

  @Test
  void that_a_box_was_removed_with_its_snapshots() {
    fleet.create("a");
    BaseDisk snapshot = fleet.snapshot("a", "s");
    long bytes = fleet.disks.status(snapshot.diskInfo().basePath()).orElseThrow().allocatedBytes();
    told();
    fleet.useCases.boxes().remove(box("a"), SnapshotsOnRemoval.REMOVE);
    assertEquals(
        List.of(
            new BoxRemoved(fleet.lastOperation(), box("a")),
            new SnapshotRemoved(
                Optional.of(fleet.lastOperation()), box("a"), new SnapshotName("s"), snapshot.id()),
            new Collected(Optional.of(fleet.lastOperation()), snapshot.id(), bytes)),
        told());
  }

  @Test
  void that_a_file_was_swept() {
    Path orphan = Fleet.HOME.baseFile(new BaseDiskId("orphan01"));
    fleet.disks.makeDisk(orphan, 1 << 20);
    long bytes = fleet.disks.status(orphan).orElseThrow().allocatedBytes();
    fleet.later(Duration.ofDays(1).toSeconds());
    fleet.useCases.garbageCollection().collect(new GarbageCollection.Scope(false, Duration.ZERO));
    assertEquals(List.of(new Swept(orphan, bytes)), told());
  }

  @Test
  void that_a_finding_was_mended() {
    fleet.create("a");
    BaseDisk base = fleet.fork("a");
    fleet.store.change(tx -> tx.references().delete(box("a"), DiskSlot.CONTAINER));
    told();
    fleet.useCases.doctor().repair(Doctor.Depth.METADATA);
    List<Event> told = told();
    assertEquals(1, told.size(), told::toString);
    Repaired repaired = (Repaired) told.get(0);
    assertEquals(disk("a"), repaired.file());
    assertTrue(repaired.remedy().contains(base.id().value()), repaired::toString);
  }

  @Test
  void that_an_operation_is_complete_and_how_long_it_took() {
    fleet.create("a");
    fleet.beforeEachStep(step -> fleet.later(1));
    fleet.events.clear();
    fleet.fork("a");
    Performed performed =
        (Performed)
            fleet.events.stream().filter(e -> e instanceof Performed).findFirst().orElseThrow();
    assertEquals(Operation.FORK, performed.intent().operation());
    assertTrue(performed.took().toSeconds() > 5, performed::toString);
  }

  @Test
  void nothing_of_an_operation_that_was_refused() {
    fleet.create("a");
    told();
    assertThrows(RuntimeException.class, () -> fleet.create("a"));
    assertEquals(List.of(), told());
    assertEquals(List.of(), fleet.events);
  }

  // Listeners that fail.

  @Test
  void a_listener_that_throws_changes_nothing_of_what_operations_do() {
    Fleet deaf =
        fleet.with(
            ports ->
                ports.withListener(
                    event -> {
                      throw new IllegalStateException("deaf");
                    }));
    deaf.create("a");
    deaf.cloneBox("a", "b", "c");
    deaf.write("a", 1, "x");
    BaseDisk below = deaf.snapshot("a", "s");
    BaseDisk above = deaf.fork("a");
    deaf.restore("a", "s");
    deaf.removeSnapshot("a", "s");
    assertEquals(ImmutableList.of(below.id()), deaf.remove("a"));
    deaf.check();
    assertTrue(deaf.find(above).isEmpty());
  }

  @Test
  void a_listener_that_throws_keeps_no_other_from_listening() {
    List<Event> heard = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    EventListener deaf =
        event -> {
          throw new AssertionError("deaf to " + event);
        };
    EventListeners all =
        new EventListeners(
            ImmutableList.of(deaf, heard::add),
            (listener, event, thrown) -> failures.add(thrown.getMessage()));

    BoxCreated event = new BoxCreated(new OperationId(1), box("a"));
    all.on(event);

    assertEquals(List.of(event), heard);
    assertEquals(List.of("deaf to " + event), failures);
  }
}
