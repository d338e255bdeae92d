package io.basedisk.domain.snapshot;

import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static io.basedisk.domain.testing.Fleet.guestRootfs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.BoxDetails.DiskState;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.snapshot.Snapshots.Fate;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryImageLocks.Open;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Snapshots: restores bring content back, removals delete it once it is unneeded. */
final class SnapshotsTest {

  private final Fleet fleet = new Fleet();

  private static SnapshotName name(String name) {
    return new SnapshotName(name);
  }

  /** Makes a box with a snapshot of the content "old", and writes to it since. */
  private BaseDisk boxWithSnapshot() {
    fleet.create("web");
    fleet.write("web", 1, "then");
    BaseDisk snapshot = fleet.snapshot("web", "old");
    fleet.write("web", 1, "now");
    fleet.write("web", 2, "since");
    return snapshot;
  }

  // Restore.

  @Test
  void a_restored_box_reads_as_when_the_snapshot_was_taken() {
    BaseDisk snapshot = boxWithSnapshot();
    BoxDetails restored = fleet.restore("web", "old").box();
    assertEquals(Map.of(1L, "then"), fleet.read("web"));
    assertEquals(snapshot.id(), restored.baseId());
    assertEquals(new DiskState.Known(1 << 30, 1), restored.disk());
    fleet.check();
  }

  @Test
  void what_only_the_old_disk_needed_is_collected() {
    boxWithSnapshot();
    BaseDisk fork = fleet.fork("web");
    assertEquals(ImmutableList.of(fork.id()), fleet.restore("web", "old").report().collected());
    assertFalse(fleet.exists(fork));
  }

  @Test
  void histories_branch_and_every_snapshot_can_be_restored_again() {
    boxWithSnapshot();
    fleet.snapshot("web", "first branch");
    fleet.restore("web", "old");
    fleet.write("web", 3, "another way");
    fleet.snapshot("web", "second branch");

    fleet.restore("web", "first branch");
    assertEquals(Map.of(1L, "now", 2L, "since"), fleet.read("web"));
    fleet.restore("web", "second branch");
    assertEquals(Map.of(1L, "then", 3L, "another way"), fleet.read("web"));
    fleet.restore("web", "old");
    assertEquals(Map.of(1L, "then"), fleet.read("web"));
    fleet.check();
  }

  @Test
  void what_was_can_be_saved_under_a_name() {
    boxWithSnapshot();
    fleet.useCases.snapshots().restore(box("web"), name("old"), name("saved"));
    assertEquals(Map.of(1L, "then"), fleet.read("web"));
    fleet.restore("web", "saved");
    assertEquals(Map.of(1L, "now", 2L, "since"), fleet.read("web"));
    fleet.check();
  }

  @Test
  void a_name_to_save_as_that_is_taken_is_refused_before_anything_is_touched() {
    boxWithSnapshot();
    ImmutableSet<Path> before = fleet.files();
    assertThrows(
        AlreadyExistsException.class,
        () -> fleet.useCases.snapshots().restore(box("web"), name("old"), name("old")));
    assertEquals(before, fleet.files());
    assertEquals(Map.of(1L, "now", 2L, "since"), fleet.read("web"));
  }

  @Test
  void a_snapshot_that_is_not_there_is_told_before_anything_is_saved() {
    boxWithSnapshot();
    assertThrows(
        NotFoundException.class,
        () -> fleet.useCases.snapshots().restore(box("web"), name("nope"), name("saved")));
    assertEquals(1, fleet.useCases.snapshots().list(box("web")).size());
  }

  @Test
  void a_damaged_disk_is_restored_all_the_same() {
    boxWithSnapshot();
    fleet.disks.writeBytes(disk("web"), new byte[] {1, 2, 3});
    fleet.restore("web", "old");
    assertEquals(Map.of(1L, "then"), fleet.read("web"));
    fleet.check();
  }

  @Test
  void a_disk_that_is_missing_may_only_be_out_of_sight() {
    boxWithSnapshot();
    fleet.disks.remove(disk("web"));
    assertThrows(NotFoundException.class, () -> fleet.restore("web", "old"));
  }

  @Test
  void the_guest_rootfs_disk_goes_with_a_restore_and_its_base_with_it() {
    boxWithSnapshot();
    fleet.create("maker");
    BaseDisk rootfs = fleet.fork("maker");
    fleet.attachGuestRootfs("web", rootfs);
    fleet.remove("maker");
    assertEquals(ImmutableList.of(rootfs.id()), fleet.restore("web", "old").report().collected());
    assertTrue(fleet.disks.status(guestRootfs("web")).isEmpty());
    fleet.check();
  }

  @Test
  void a_restored_disk_keeps_owner_and_mode() {
    boxWithSnapshot();
    fleet.disks.setOwner(disk("web"), 107, 108);
    fleet.disks.setMode(disk("web"), 0660);
    fleet.restore("web", "old");
    FileStatus restored = fleet.disks.status(disk("web")).orElseThrow();
    assertEquals(107, restored.owner());
    assertEquals(0660, restored.mode());
  }

  @Test
  void a_disk_that_a_vm_writes_to_is_not_restored() {
    boxWithSnapshot();
    try (Open vm = fleet.imageLocks.startVm(disk("web"))) {
      assertThrows(RefusedException.class, () -> fleet.restore("web", "old"), vm::toString);
    }
    assertEquals(Map.of(1L, "now", 2L, "since"), fleet.read("web"));
    fleet.check();
  }

  @Test
  void a_box_whose_guest_rootfs_a_vm_writes_to_is_not_restored() {
    boxWithSnapshot();
    fleet.create("maker");
    fleet.attachGuestRootfs("web", fleet.fork("maker"));
    try (Open vm = fleet.imageLocks.startVm(guestRootfs("web"))) {
      assertThrows(RefusedException.class, () -> fleet.restore("web", "old"), vm::toString);
    }
    fleet.check();
  }

  @Test
  void a_snapshot_of_another_box_is_not_this_boxs() {
    boxWithSnapshot();
    fleet.cloneBox("web", "copy");
    assertThrows(NotFoundException.class, () -> fleet.restore("copy", "old"));
  }

  // Removal.

  @Test
  void a_snapshot_that_nothing_needs_goes_with_its_removal() {
    BaseDisk first = boxWithSnapshot();
    fleet.snapshot("web", "new");
    BaseDisk second = fleet.snapshot("web", "newer");
    fleet.restore("web", "old");

    Snapshots.Removed removed = fleet.removeSnapshot("web", "newer");

    assertEquals(second.id(), removed.id());
    assertEquals(new Fate.Gone(), removed.fate());
    assertEquals(ImmutableList.of(second.id()), removed.report().collected());
    assertTrue(fleet.exists(first));
    fleet.check();
  }

  @Test
  void a_snapshot_that_others_need_is_demoted_and_they_are_named() {
    BaseDisk snapshot = boxWithSnapshot();
    BaseDisk child = fleet.snapshot("web", "newer");
    fleet.useCases.clones().cloneSnapshot(box("web"), name("old"), ImmutableList.of(box("copy")));

    Snapshots.Removed removed = fleet.removeSnapshot("web", "old");

    assertEquals(
        new Fate.Demoted(
            ImmutableList.of(box("copy")),
            ImmutableList.of(child.id()),
            fleet.disks.status(snapshot.diskInfo().basePath()).orElseThrow().allocatedBytes()),
        removed.fate());
    assertEquals(BaseDiskKind.CLONE_BASE, fleet.find(snapshot).orElseThrow().kind());
    fleet.check();
  }

  @Test
  void the_name_of_a_demoted_snapshot_is_free_at_once() {
    boxWithSnapshot();
    fleet.removeSnapshot("web", "old");
    assertThrows(NotFoundException.class, () -> fleet.restore("web", "old"));
    fleet.snapshot("web", "old");
    fleet.check();
  }

  @Test
  void a_demoted_snapshot_goes_with_the_last_that_needs_it() {
    BaseDisk snapshot = boxWithSnapshot();
    fleet.removeSnapshot("web", "old");
    assertTrue(fleet.exists(snapshot));
    assertEquals(ImmutableList.of(snapshot.id()), fleet.remove("web"));
  }

  @Test
  void a_demoted_snapshot_that_a_process_has_open_has_no_holders_in_the_store() {
    boxWithSnapshot();
    BaseDisk newer = fleet.snapshot("web", "newer");
    fleet.restore("web", "old");
    try (Open backup = fleet.imageLocks.openForReading(newer.diskInfo().basePath())) {
      Fate fate = fleet.removeSnapshot("web", "newer").fate();
      assertTrue(
          fate instanceof Fate.Demoted demoted
              && demoted.boxes().isEmpty()
              && demoted.bases().isEmpty(),
          () -> fate + " " + backup);
    }
  }

  @Test
  void a_snapshot_that_is_not_there_is_not_removed() {
    fleet.create("web");
    assertThrows(NotFoundException.class, () -> fleet.removeSnapshot("web", "nope"));
    assertThrows(NotFoundException.class, () -> fleet.removeSnapshot("nope", "old"));
  }

  @Test
  void a_named_base_of_another_kind_is_no_snapshot() {
    fleet.create("web");
    fleet.useCases.bases().create(box("web"), BaseDiskKind.CLONE_BASE, name("x"));
    assertThrows(NotFoundException.class, () -> fleet.removeSnapshot("web", "x"));
  }
}
