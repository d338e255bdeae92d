package io.basedisk.domain.snapshot;

import static io.basedisk.domain.testing.Fleet.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.Intents;
import io.basedisk.domain.testing.Records;
import org.junit.jupiter.api.Test;

/** Renamed snapshots, and the check of several before they are removed. */
final class RenameSnapshotTest {

  private final Fleet fleet = new Fleet();

  private BaseDisk rename(String name, String newName) {
    return fleet
        .useCases
        .snapshots()
        .rename(box("web"), new SnapshotName(name), new SnapshotName(newName));
  }

  @Test
  void it_has_its_content_under_the_new_name() {
    fleet.create("web");
    fleet.write("web", 1, "then");
    BaseDisk snapshot = fleet.snapshot("web", "nightly");
    fleet.write("web", 1, "now");

    BaseDisk renamed = rename("nightly", "monday");

    assertEquals(snapshot.id(), renamed.id());
    assertEquals(new SnapshotName("monday"), renamed.name());
    assertTrue(
        fleet.events.contains(
            new Event.SnapshotRenamed(
                box("web"),
                new SnapshotName("nightly"),
                new SnapshotName("monday"),
                snapshot.id())));
    assertThrows(NotFoundException.class, () -> fleet.restore("web", "nightly"));
    fleet.snapshot("web", "nightly");
    fleet.restore("web", "monday");
    assertEquals("then", fleet.read("web").get(1L));
    fleet.check();
  }

  @Test
  void a_name_that_is_taken_is_refused() {
    fleet.create("web");
    fleet.snapshot("web", "a");
    fleet.snapshot("web", "b");

    assertThrows(AlreadyExistsException.class, () -> rename("a", "b"));
    assertThrows(AlreadyExistsException.class, () -> rename("a", "a"));
    assertThrows(NotFoundException.class, () -> rename("c", "d"));
    fleet.check();
  }

  @Test
  void the_name_of_a_snapshot_that_is_being_taken_is_busy() {
    fleet.create("web");
    BaseDisk snapshot = fleet.snapshot("web", "a");
    BaseDisk planned = Records.base("planned1").of("web").snapshot("b").build();
    Intent intent = Intents.fork(99, "web", planned);
    try (var owner = fleet.locks.tryAcquire(intent.id()).orElseThrow()) {
      fleet.store.change(tx -> tx.intents().insert(intent));

      assertThrows(BusyException.class, () -> rename("a", "b"));
      assertEquals(snapshot.id(), rename("a", "c").id());
      fleet.store.change(tx -> tx.intents().delete(intent.id()));
    }
  }

  @Test
  void all_snapshots_are_checked_before_one_is_removed() {
    fleet.create("web");
    fleet.snapshot("web", "a");
    ImmutableList<SnapshotName> names =
        ImmutableList.of(new SnapshotName("a"), new SnapshotName("none"));

    assertThrows(
        NotFoundException.class, () -> fleet.useCases.snapshots().checkRemoval(box("web"), names));
    fleet.useCases.snapshots().checkRemoval(box("web"), names.subList(0, 1));
    fleet.check();
  }
}
