package io.basedisk.domain.box;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.box.Boxes.ForeignDisks;
import io.basedisk.domain.box.Boxes.Forgotten;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.intent.CreateBoxesIntent;
import io.basedisk.domain.model.intent.NewBox;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Forgotten boxes, and boxes with foreign disks. */
final class ForgetBoxTest {

  private static final Path DIR = Path.of("/vms/vm7");
  private static final Path DISK = DIR.resolve("disk.qcow2");

  private final Fleet fleet = new Fleet();

  private Forgotten forget(String box) {
    return fleet.useCases.boxes().forget(box(box), SnapshotsOnRemoval.REFUSE);
  }

  /** Registers a box whose disk is elsewhere, by a fork of it. */
  private BaseDisk register(Fleet home) {
    if (home.disks.status(DISK).isEmpty()) {
      home.disks.makeDisk(DISK, 1 << 20);
      home.disks.guestWrites(DISK, 1, "content");
    }
    return home.useCases.bases().create(box("vm7"), DIR, BaseDiskKind.CLONE_BASE, null);
  }

  private ImmutableList<Hold> holds() {
    return fleet.store.read(view -> view.holds().list());
  }

  private GarbageCollection.Report collect(boolean releasesHolds, Duration grace) {
    return fleet
        .useCases
        .garbageCollection()
        .collect(new GarbageCollection.Scope(releasesHolds, grace));
  }

  @Test
  void its_disk_stays_and_a_hold_keeps_the_base_of_the_disk() {
    BaseDisk base = register(fleet);

    Forgotten forgotten = forget("vm7");

    assertEquals(DISK, forgotten.disk());
    assertEquals(ImmutableList.of(base.id()), forgotten.held());
    assertEquals(ImmutableList.of(new Hold(base.id(), Hold.Reason.FORGOTTEN_BOX, DISK)), holds());
    assertThrows(NotFoundException.class, () -> fleet.useCases.boxes().get(box("vm7")));
    assertEquals(ImmutableList.of(), collect(false, null).bases().collected());
    assertEquals("content", fleet.disks.guestReads(DISK).get(1L));
    assertTrue(fleet.events.contains(new Event.BoxForgotten(box("vm7"), DIR)));
    fleet.check();
  }

  @Test
  void each_of_its_disks_has_a_hold() {
    fleet.create("web");
    BaseDisk base = fleet.fork("web");
    BaseDisk rootfs = fleet.addRootfs("debian", fleet.image("debian.qcow2", "debian"));
    fleet.useCases.rootfs().attach(box("web"), new RootfsKey("debian"));

    assertEquals(
        ImmutableSet.of(base.id(), rootfs.id()), ImmutableSet.copyOf(forget("web").held()));
    assertEquals(2, holds().size());
  }

  @Test
  void a_box_that_is_registered_again_needs_no_hold() {
    BaseDisk first = register(fleet);
    forget("vm7");

    BaseDisk second = register(fleet);

    assertEquals(first.id(), second.parentId());
    assertEquals(ImmutableList.of(), holds());
    assertEquals("content", fleet.disks.guestReads(DISK).get(1L));
    fleet.remove("vm7");
    assertEquals(ImmutableSet.of(), fleet.files());
  }

  @Test
  void a_forgotten_box_is_registered_again_although_no_mode_lets_its_owner_read_the_base() {
    BaseDisk base = register(fleet);
    fleet.disks.setOwner(DISK, 1234, 1234);
    // An access control list may let the owner read it.
    fleet.disks.setMode(base.diskInfo().basePath(), 0400);
    forget("vm7");

    register(fleet);

    assertEquals(ImmutableList.of(), holds());
  }

  @Test
  void the_base_goes_when_its_hold_is_released() {
    BaseDisk base = register(fleet);
    forget("vm7");

    assertEquals(ImmutableList.of(base.id()), collect(true, null).bases().collected());
    assertEquals(ImmutableList.of(), holds());
  }

  @Test
  void the_removal_of_the_base_releases_its_hold() {
    BaseDisk base = register(fleet);
    forget("vm7");

    assertEquals(ImmutableList.of(base.id()), fleet.useCases.bases().remove(base.id()).collected());
    assertEquals(ImmutableList.of(), holds());
  }

  @Test
  void a_base_that_a_forgotten_disk_in_the_home_needs_is_not_removed() {
    fleet.create("web");
    BaseDisk base = fleet.fork("web");
    forget("web");

    RefusedException refusal =
        assertThrows(RefusedException.class, () -> fleet.useCases.bases().remove(base.id()));

    assertTrue(refusal.getMessage().contains(disk("web").toString()), refusal::getMessage);
    assertThrows(
        RefusedException.class,
        () -> fleet.useCases.bases().removalOrder(ImmutableList.of(base.id())));
    fleet.disks.remove(disk("web"));
    assertEquals(ImmutableList.of(base.id()), fleet.useCases.bases().remove(base.id()).collected());
  }

  @Test
  void a_forgotten_disk_in_the_home_is_discarded_only_once_its_hold_is_released() {
    fleet.create("web");
    fleet.write("web", 1, "mine");
    fleet.fork("web");
    forget("web");
    fleet.later(100_000);

    GarbageCollection.Report first = collect(false, Duration.ZERO);

    assertEquals(ImmutableList.of(HOME.boxDirectory(box("web"))), first.orphans());
    assertEquals("mine", fleet.read("web").get(1L));
    assertEquals(
        ImmutableList.of(HOME.boxDirectory(box("web"))), collect(true, Duration.ZERO).discarded());
    assertEquals(ImmutableSet.of(), fleet.files());
  }

  @Test
  void a_box_with_snapshots_is_not_forgotten_unless_they_are_dropped() {
    fleet.create("web");
    fleet.write("web", 1, "mine");
    BaseDisk needed = fleet.snapshot("web", "first");
    fleet.write("web", 1, "more");
    fleet.copy("web", "copied");

    RefusedException refusal = assertThrows(RefusedException.class, () -> forget("web"));
    assertTrue(refusal.getMessage().contains("copied, first"), refusal::getMessage);
    fleet.check();

    Forgotten forgotten = fleet.useCases.boxes().forget(box("web"), SnapshotsOnRemoval.REMOVE);

    assertEquals(1, forgotten.report().collected().size(), "nothing needs the copy");
    assertEquals(BaseDiskKind.CLONE_BASE, fleet.find(needed).orElseThrow().kind());
    assertEquals(ImmutableList.of(needed.id()), forgotten.held());
    assertEquals("more", fleet.read("web").get(1L));
  }

  @Test
  void a_box_that_a_live_operation_has_claimed_is_busy() {
    register(fleet);
    OperationId other = new OperationId(99);
    try (var owner = fleet.locks.tryAcquire(other).orElseThrow()) {
      fleet.store.change(
          tx ->
              tx.intents()
                  .insert(
                      new CreateBoxesIntent(
                          other,
                          ImmutableList.of(NewBox.in(HOME, box("vm7"))),
                          null,
                          fleet.ports.now())));

      assertThrows(BusyException.class, () -> forget("vm7"));
    }
    assertEquals(ImmutableList.of(), holds());
  }

  /** The references become holds in one step, so that a kill never leaves a base without both. */
  @Test
  void a_kill_leaves_the_box_or_its_holds() {
    for (int kill = 0; kill < 2; kill++) {
      Fleet home = new Fleet();
      BaseDisk base = register(home);
      int[] steps = {kill};
      home.beforeEachStep(
          step -> {
            if (steps[0]-- == 0) {
              throw new StorageException("killed");
            }
          });
      try {
        home.useCases.boxes().forget(box("vm7"), SnapshotsOnRemoval.REFUSE);
      } catch (StorageException killed) {
        assertEquals(0, kill, "the second step collects");
      }

      Fleet next = home.afterKill();
      next.useCases.recover();
      boolean isBox = next.store.read(view -> view.boxes().find(box("vm7"))).isPresent();
      boolean isHeld = !next.store.read(view -> view.holds().listOn(base.id())).isEmpty();
      assertEquals(kill == 0, isBox);
      assertEquals(kill != 0, isHeld);
      assertTrue(next.exists(base));
      assertEquals("content", next.disks.guestReads(DISK).get(1L));
      next.check();
    }
  }

  // Boxes with foreign disks.

  @Test
  void foreign_disks_are_deleted_only_if_a_user_says_so() {
    register(fleet);

    RefusedException refusal =
        assertThrows(
            RefusedException.class,
            () -> fleet.useCases.boxes().remove(box("vm7"), SnapshotsOnRemoval.REFUSE));

    assertEquals(Optional.of(new Remedy.DeleteOrForget("vm7")), refusal.remedy());
    assertThrows(
        RefusedException.class,
        () ->
            fleet
                .useCases
                .boxes()
                .checkRemoval(
                    ImmutableList.of(box("vm7")), SnapshotsOnRemoval.REFUSE, ForeignDisks.REFUSE));
    assertTrue(fleet.disks.status(DISK).isPresent());
    fleet.check();

    fleet.useCases.boxes().remove(box("vm7"), SnapshotsOnRemoval.REFUSE, ForeignDisks.DELETE);
    assertFalse(fleet.disks.status(DISK).isPresent());
  }

  @Test
  void disks_in_the_directory_of_boxes_are_the_homes_own() {
    fleet.disks.makeDisk(disk("web"), 1 << 20);
    fleet
        .useCases
        .bases()
        .create(box("web"), HOME.disksDirectory(box("web")), BaseDiskKind.CLONE_BASE, null);

    assertFalse(fleet.useCases.boxes().getRecord(box("web")).hasForeignDisks());
    fleet.create("db");
    assertFalse(fleet.useCases.boxes().getRecord(box("db")).hasForeignDisks());
  }

  // Several at once.

  @Test
  void all_boxes_are_checked_before_one_is_removed() {
    fleet.create("a", "b");
    fleet.snapshot("b", "s");
    ImmutableList<BoxId> both = ImmutableList.of(box("a"), box("b"));

    assertThrows(
        RefusedException.class,
        () ->
            fleet
                .useCases
                .boxes()
                .checkRemoval(both, SnapshotsOnRemoval.REFUSE, ForeignDisks.REFUSE));
    assertThrows(
        NotFoundException.class,
        () ->
            fleet
                .useCases
                .boxes()
                .checkRemoval(
                    ImmutableList.of(box("a"), box("none")),
                    SnapshotsOnRemoval.REFUSE,
                    ForeignDisks.REFUSE));
    fleet.useCases.boxes().checkRemoval(both, SnapshotsOnRemoval.REMOVE, ForeignDisks.REFUSE);
    try (var vm = fleet.imageLocks.openForWriting(disk("a"))) {
      assertThrows(
          RefusedException.class,
          () ->
              fleet
                  .useCases
                  .boxes()
                  .checkRemoval(both, SnapshotsOnRemoval.REMOVE, ForeignDisks.REFUSE),
          vm::toString);
    }
    fleet.check();
  }
}
