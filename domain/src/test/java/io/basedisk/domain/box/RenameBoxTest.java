package io.basedisk.domain.box;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.intent.CreateBoxesIntent;
import io.basedisk.domain.model.intent.NewBox;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A renamed box, and a new box of its old name. */
final class RenameBoxTest {

  private static final Path NUMBERED = HOME.boxes().resolve("web~2/disks/disk.qcow2");

  private final Fleet fleet = new Fleet();

  private BoxDetails rename(String box, String newName) {
    return fleet.useCases.boxes().rename(box(box), box(newName));
  }

  private static ImmutableList<SnapshotName> snapshotsOf(Fleet home, String box) {
    return home.useCases.snapshots().list(box(box)).stream()
        .map(BaseDetails::base)
        .flatMap(base -> base.snapshotName().stream())
        .collect(ImmutableList.toImmutableList());
  }

  @Test
  void its_disk_and_its_snapshots_stay_its_own() {
    fleet.create("web");
    fleet.write("web", 1, "mine");
    BaseDisk snapshot = fleet.snapshot("web", "daily");
    ImmutableSet<Path> files = fleet.files();

    BoxDetails renamed = rename("web", "api");

    assertEquals(box("api"), renamed.box().id());
    assertEquals(snapshot.id(), renamed.baseId());
    assertEquals(files, fleet.files());
    assertEquals(ImmutableList.of(new SnapshotName("daily")), snapshotsOf(fleet, "api"));
    assertThrows(NotFoundException.class, () -> fleet.useCases.boxes().get(box("web")));
    assertTrue(fleet.events.contains(new Event.BoxRenamed(box("web"), box("api"))));
    fleet.restore("api", "daily");
    fleet.check();
  }

  @Test
  void a_new_box_of_the_old_name_gets_a_directory_with_a_number() {
    fleet.create("web");
    fleet.write("web", 1, "old");
    rename("web", "api");

    fleet.create("web");
    fleet.disks.guestWrites(NUMBERED, 1, "new");

    assertEquals("old", fleet.read("web").get(1L), "the disk of api, in the directory web");
    assertEquals(NUMBERED.getParent(), fleet.useCases.boxes().getRecord(box("web")).disksDir());
    fleet.fork("web");
    fleet.fork("api");
    fleet.check();

    fleet.remove("web");
    fleet.check();
    assertTrue(fleet.disks.status(disk("web")).isPresent(), "the disk of api stays");
    fleet.remove("api");
    assertEquals(ImmutableSet.of(), fleet.files());
  }

  @Test
  void each_further_box_gets_a_number_of_its_own() {
    fleet.create("web");
    rename("web", "one");
    fleet.create("web");
    rename("web", "two");
    fleet.disks.withDirectory(HOME.boxes().resolve("web~3"));

    fleet
        .useCases
        .boxes()
        .createFromImage(box("web"), fleet.image("i.qcow2", "image"), null, Progress.NONE);

    assertEquals(
        HOME.boxes().resolve("web~4/disks"),
        fleet.useCases.boxes().getRecord(box("web")).disksDir());
    fleet.remove("one");
    fleet.create("other");
    rename("other", "one");
    assertEquals(3, fleet.useCases.boxes().list().size());
  }

  @Test
  void the_directories_of_renamed_boxes_are_no_orphans() {
    fleet.create("web");
    rename("web", "api");
    fleet.create("web");
    fleet.remove("web");
    fleet.later(100_000);

    GarbageCollection.Report report =
        fleet
            .useCases
            .garbageCollection()
            .collect(new GarbageCollection.Scope(false, Duration.ZERO));

    assertEquals(ImmutableList.of(), report.orphans());
    assertEquals(ImmutableList.of(), report.discarded());
    fleet.check();
  }

  @Test
  void a_directory_with_a_number_and_no_record_is_an_orphan() {
    fleet.disks.makeDisk(NUMBERED, 1 << 20);

    assertEquals(
        ImmutableList.of(HOME.boxes().resolve("web~2")),
        fleet.useCases.garbageCollection().plan(GarbageCollection.Scope.DEFAULT).orphans());
  }

  @Test
  void a_name_that_a_box_has_is_refused() {
    fleet.create("web", "api");

    assertThrows(AlreadyExistsException.class, () -> rename("web", "api"));
    assertThrows(AlreadyExistsException.class, () -> rename("web", "web"));
    assertThrows(NotFoundException.class, () -> rename("none", "new"));
    fleet.check();
  }

  @Test
  void a_box_or_a_name_that_a_live_operation_has_claimed_is_busy() {
    fleet.create("web");
    OperationId other = new OperationId(99);
    try (var owner = fleet.locks.tryAcquire(other).orElseThrow()) {
      claim(other, "new");

      assertEquals(99, assertThrows(BusyException.class, () -> rename("web", "new")).holder());
      fleet.store.change(tx -> tx.intents().delete(other));
      claim(other, "web");
      assertEquals(99, assertThrows(BusyException.class, () -> rename("web", "new")).holder());
      fleet.store.change(tx -> tx.intents().delete(other));
    }
    assertEquals(
        ImmutableList.of(box("web")),
        fleet.useCases.boxes().list().stream().map(details -> details.box().id()).toList());
  }

  @Test
  void a_claim_of_a_dead_operation_is_settled_first() {
    fleet.create("web");
    claim(new OperationId(99), "new");

    rename("web", "new");

    fleet.check();
  }

  private void claim(OperationId id, String name) {
    fleet.store.change(
        tx ->
            tx.intents()
                .insert(
                    new CreateBoxesIntent(
                        id,
                        ImmutableList.of(NewBox.in(HOME, box(name))),
                        null,
                        fleet.ports.now())));
  }

  @Test
  void a_removal_spares_the_box_that_got_the_name_in_between() {
    fleet.create("web");
    fleet.write("web", 1, "old");
    boolean[] isRenamed = {false};
    fleet.beforeEachStep(
        step -> {
          if (!isRenamed[0]) {
            isRenamed[0] = true;
            rename("web", "api");
            fleet.create("web");
          }
        });

    assertThrows(RefusedException.class, () -> fleet.remove("web"));

    assertEquals(2, fleet.useCases.boxes().list().size());
    assertEquals("old", fleet.read("web").get(1L), "the disk of api");
    fleet.check();
  }

  /** A rename is one step: a kill leaves the records of before it or of after it. */
  @Test
  void a_kill_leaves_the_old_name_or_the_new_one() {
    for (boolean isKilledBefore : new boolean[] {true, false}) {
      Fleet home = new Fleet();
      home.create("web");
      home.snapshot("web", "daily");
      List<String> steps = new ArrayList<>();
      home.beforeEachStep(
          step -> {
            steps.add(step);
            if (isKilledBefore) {
              throw new StorageException("killed");
            }
          });
      try {
        home.useCases.boxes().rename(box("web"), box("api"));
      } catch (StorageException killed) {
        assertTrue(isKilledBefore);
      }

      Fleet next = home.afterKill();
      next.useCases.recover();
      assertEquals(ImmutableList.of("write to the store"), steps);
      assertEquals(
          ImmutableList.of(new SnapshotName("daily")),
          snapshotsOf(next, isKilledBefore ? "web" : "api"));
      next.check();
    }
  }
}
