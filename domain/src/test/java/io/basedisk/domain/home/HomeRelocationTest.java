package io.basedisk.domain.home;

import static io.basedisk.domain.home.MovableHome.ID;
import static io.basedisk.domain.home.MovableHome.NEW;
import static io.basedisk.domain.home.MovableHome.OLD;
import static io.basedisk.domain.home.MovableHome.OUTSIDE;
import static io.basedisk.domain.home.MovableHome.disk;
import static io.basedisk.domain.testing.Fleet.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.home.HomeRelocation.Declared;
import io.basedisk.domain.home.HomeRelocation.Relocated;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.testing.InMemoryImageLocks;
import io.basedisk.domain.testing.Intents;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A moved or copied home becomes usable at its new path, or stays as it was. */
final class HomeRelocationTest {

  private final MovableHome home = MovableHome.make();

  // Moved.

  @Test
  void a_moved_home_is_consistent_at_its_new_path_with_the_same_id_and_content() {
    Map<String, Map<Long, String>> reads = home.reads(OLD);
    Map<String, String> digests = home.digests(OLD);
    Relocated relocated = home.move().relocate();
    assertEquals(OLD, relocated.from());
    assertEquals(NEW, relocated.to());
    assertEquals(false, relocated.copy());
    home.checkIsAt(NEW);
    assertEquals(reads, home.reads(NEW));
    assertEquals(digests, home.digests(NEW));
    assertEquals(ID, home.store.read(view -> view.home().findIdentity()).orElseThrow().id());
  }

  @Test
  void a_disk_outside_of_a_moved_home_stands_on_the_moved_base() {
    Map<Long, String> read = home.disks.guestReads(OUTSIDE);
    Relocated relocated = home.move().relocate();
    assertEquals(read, home.disks.guestReads(OUTSIDE));
    assertTrue(relocated.rewritten().contains(OUTSIDE));
    assertEquals(ImmutableList.of(), relocated.leftOut());
  }

  @Test
  void to_relocate_again_changes_nothing() {
    home.move().relocate();
    ImmutableSet<String> before = home.everything();
    assertEquals(
        new Relocated(NEW, NEW, false, ImmutableList.of(), ImmutableList.of()), home.relocate());
    assertEquals(before, home.everything());
  }

  @Test
  void a_plan_lists_what_relocating_changes_and_changes_nothing() {
    home.move();
    ImmutableSet<String> before = home.everything();
    Relocated planned = home.relocation(NEW).plan(Declared.NOTHING);
    assertEquals(before, home.everything());
    assertEquals(home.relocate(), planned);
  }

  @Test
  void a_file_in_the_home_that_no_record_explains_stands_on_the_moved_base_too() {
    BaseDisk base = home.store.read(view -> view.bases().list(BaseFilter.ALL)).get(0);
    Path orphan = OLD.resolve("boxes/lost/disks/disk.qcow2");
    home.disks.withDirectory(orphan.getParent());
    home.disks.createOverlay(
        orphan, base.diskInfo().basePath(), ImageFormat.QCOW2, new ByteSize(1 << 20));
    Map<Long, String> read = home.disks.guestReads(orphan);
    home.move().relocate();
    assertEquals(read, home.disks.guestReads(NEW.resolve("boxes/lost/disks/disk.qcow2")));
  }

  @Test
  void a_disk_that_backs_onto_a_file_elsewhere_keeps_its_backing_name() {
    Path elsewhere = Path.of("/images/base.qcow2");
    home.disks.makeDisk(elsewhere, 1 << 20);
    home.fleet.create("d");
    home.disks.alterHeader(disk(OLD, "d"), header -> withBacking(header, elsewhere.toString()));
    home.move().relocate();
    assertEquals(elsewhere.toString(), home.disks.readHeader(disk(NEW, "d")).backing().name());
  }

  @Test
  void a_relative_backing_name_is_right_wherever_the_home_is() {
    BaseDisk base = home.store.read(view -> view.bases().list(BaseFilter.ALL)).get(0);
    String name = "../../../bases/" + base.id().fileName();
    home.fleet.create("d");
    home.disks.alterHeader(disk(OLD, "d"), header -> withBacking(header, name));
    home.move();
    assertTrue(!home.relocate().rewritten().contains(disk(NEW, "d")));
    assertEquals(name, home.disks.readHeader(disk(NEW, "d")).backing().name());
  }

  @Test
  void the_number_of_a_disks_directory_is_recorded_anew_in_a_copy() {
    long inode = inodeOf(disk(OLD, "a").getParent());
    home.store.change(tx -> tx.boxes().putDirectoryInode(box("a"), inode));
    home.copy().relocate();
    assertEquals(
        inodeOf(disk(NEW, "a").getParent()),
        home.store.read(view -> view.boxes().findDirectoryInode(box("a"))).orElseThrow());
  }

  private long inodeOf(Path path) {
    return home.disks.status(path).orElseThrow().identity().inode();
  }

  // Copied.

  @Test
  void a_copy_gets_an_id_of_its_own_and_the_original_is_not_touched() {
    Map<String, Map<Long, String>> reads = home.reads(OLD);
    Map<String, String> digests = home.digests(OLD);
    Relocated relocated = home.copy().relocate();
    assertTrue(relocated.copy());
    home.checkIsAt(NEW);
    assertNotEquals(ID, home.store.read(view -> view.home().findIdentity()).orElseThrow().id());
    assertEquals(reads, home.reads(OLD));
    assertEquals(reads, home.reads(NEW));
    assertEquals(digests, home.digests(OLD));
    assertTrue(relocated.rewritten().stream().allMatch(file -> file.startsWith(NEW)));
  }

  @Test
  void a_copy_leaves_boxes_outside_to_the_original_and_lists_them() {
    Map<Long, String> read = home.disks.guestReads(OUTSIDE);
    String name = home.disks.readHeader(OUTSIDE).backing().name();
    Relocated relocated = home.copy().relocate();
    assertEquals(ImmutableList.of(box("vm")), relocated.leftOut());
    assertTrue(home.store.read(view -> view.boxes().find(box("vm"))).isEmpty());
    assertEquals(ImmutableList.of(), home.store.read(view -> view.references().listOf(box("vm"))));
    assertEquals(1, home.store.read(view -> view.pendingDeletes().listCollectPending()).size());
    assertEquals(read, home.disks.guestReads(OUTSIDE));
    assertEquals(name, home.disks.readHeader(OUTSIDE).backing().name());
  }

  @Test
  void a_copy_leaves_operations_on_boxes_outside_to_the_original() {
    Intent intent = intentOn("vm", OUTSIDE.getParent());
    insert(intent);
    home.copy().relocate();
    assertEquals(ImmutableList.of(), home.store.read(view -> view.intents().list()));
  }

  @Test
  void a_copy_is_recognized_by_the_store_of_an_original_that_has_no_id_yet() {
    MovableHome landed = MovableHome.landed().copy();
    Relocated relocated = landed.relocate();
    assertTrue(relocated.copy());
    landed.checkIsAt(NEW);
  }

  // Moved or copied.

  @Test
  void a_home_of_the_time_before_ids_is_found_by_its_records() {
    MovableHome landed = MovableHome.landed().move();
    Relocated relocated = landed.relocate();
    assertEquals(OLD, relocated.from());
    landed.checkIsAt(NEW);
  }

  @Test
  void a_home_of_the_time_before_ids_whose_records_agree_has_nothing_to_relocate() {
    MovableHome landed = MovableHome.landed();
    ImmutableSet<String> before = landed.everything();
    assertEquals(OLD, landed.relocation(OLD).relocate(Declared.NOTHING).from());
    assertEquals(before, landed.everything());
  }

  @Test
  void another_home_at_the_old_path_is_no_original() {
    home.move();
    home.disks.withDirectory(OLD);
    new IdentityFile(new HomeLayout(OLD), home.disks)
        .write(new HomeId("ffffffffffffffffffffffffffffffff"));
    assertEquals(false, home.relocate().copy());
    home.checkIsAt(NEW);
  }

  @Test
  void a_home_without_its_identity_file_at_the_old_path_is_an_original() {
    home.copy();
    home.disks.remove(new HomeLayout(OLD).identityFile());
    assertTrue(home.relocate().copy());
  }

  @Test
  void a_symbolic_link_to_the_new_place_at_the_old_path_is_no_original() {
    home.move();
    home.disks.symlink(OLD, NEW);
    assertEquals(false, home.relocate().copy());
    home.checkIsAt(NEW);
  }

  @Test
  void the_same_home_under_another_name_is_refused() {
    home.copy();
    home.disks.remove(new HomeLayout(NEW).operationsLock());
    home.disks.link(new HomeLayout(OLD).operationsLock(), new HomeLayout(NEW).operationsLock());
    assertRefused(Declared.NOTHING, "the same home as " + OLD);
    assertRefused(Declared.COPIED, "the same home as " + OLD);
  }

  @Test
  void where_the_old_place_is_not_there_the_caller_has_to_say_what_happened() {
    home.move();
    home.disks.removeTree(OLD.getParent());
    // The directory's inode number alone shows that it was moved.
    recordDirectory(12345);
    assertRefused(Declared.NOTHING, "say whether the home was moved or copied");
    assertEquals(false, home.relocate(Declared.MOVED).copy());
    home.checkIsAt(NEW);
  }

  @Test
  void an_old_place_on_another_file_system_than_before_says_nothing() {
    home.move();
    home.disks.withDirectory(OLD);
    recordDirectory(12345);
    assertRefused(Declared.NOTHING, "say whether the home was moved or copied");
    assertTrue(home.relocate(Declared.COPIED).copy());
  }

  private void recordDirectory(long device) {
    home.store.change(
        tx -> tx.home().putIdentity(new HomeIdentity(ID, OLD, new FileIdentity(device, 1))));
  }

  @Test
  void what_the_caller_says_must_not_contradict_what_is_seen() {
    home.copy();
    assertRefused(Declared.MOVED, OLD + " still holds the home");
    home.disks.removeTree(OLD);
    assertRefused(Declared.COPIED, "has no original any more");
  }

  @Test
  void a_home_that_is_where_its_store_says_was_neither_moved_nor_copied() {
    assertThrows(RefusedException.class, () -> home.relocation(OLD).relocate(Declared.COPIED));
  }

  @Test
  void a_store_of_another_home_is_refused() {
    home.move();
    HomeLayout layout = new HomeLayout(NEW);
    new IdentityFile(layout, home.disks).write(new HomeId("ffffffffffffffffffffffffffffffff"));
    HomeUnusableException refused =
        assertThrows(HomeUnusableException.class, () -> home.relocate());
    assertEquals(Problem.FOREIGN_STORE, refused.problem());
  }

  // Problems.

  @Test
  void a_missing_base_and_a_missing_disk_are_refused_together() {
    home.move();
    BaseDisk base = home.store.read(view -> view.bases().list(BaseFilter.ALL)).get(0);
    Path file = new HomeLayout(NEW).baseFile(base.id());
    home.disks.remove(file);
    home.disks.remove(disk(NEW, "c"));
    assertRefused(Declared.NOTHING, file.toString());
    assertRefused(Declared.NOTHING, disk(NEW, "c").toString());
  }

  @Test
  void a_box_outside_whose_file_system_is_away_is_refused() {
    home.move();
    home.disks.removeTree(Path.of("/mnt/vm"));
    assertRefused(Declared.NOTHING, OUTSIDE.toString());
  }

  @Test
  void a_disk_that_cant_be_read_is_refused() {
    home.move();
    home.disks.writeBytes(disk(NEW, "c"), new byte[] {1});
    assertRefused(Declared.NOTHING, disk(NEW, "c").toString());
  }

  @Test
  void a_name_that_does_not_fit_is_refused() {
    Path far = Path.of("/srv/" + "x".repeat(250) + "/" + "y".repeat(250));
    Path farther = far.resolve("z".repeat(250)).resolve("w".repeat(250));
    home.disks.moveTree(OLD, farther);
    ImmutableSet<String> before = home.everything();
    RefusedException refused =
        assertThrows(
            RefusedException.class, () -> home.relocation(farther).relocate(Declared.NOTHING));
    assertTrue(
        String.valueOf(refused.getMessage()).contains(disk(farther, "a") + ": "),
        refused::toString);
    assertEquals(before, home.everything());
  }

  @Test
  void a_disk_that_a_vm_has_open_is_refused() {
    home.move();
    try (InMemoryImageLocks.Open vm = home.fleet.imageLocks.startVm(disk(NEW, "a"))) {
      assertRefused(Declared.NOTHING, disk(NEW, "a").toString());
      assertTrue(vm != null);
    }
    home.relocate();
    home.checkIsAt(NEW);
  }

  @Test
  void an_operation_under_way_is_refused() {
    Intent intent = intentOn("a", disk(OLD, "a").getParent());
    insert(intent);
    home.move();
    try (OperationLocks.Held owner = home.fleet.locks.tryAcquire(intent.id()).orElseThrow()) {
      assertRefused(Declared.NOTHING, "operation " + intent.id());
      assertTrue(owner != null);
    }
    home.relocate();
    assertEquals(
        ImmutableList.of(disk(NEW, "a").getParent()),
        home.store.read(view -> view.intents().list()).stream()
            .flatMap(standing -> standing.boxes().stream())
            .map(BoxClaim::disksDir)
            .toList());
  }

  @Test
  void a_layer_that_is_not_the_homes_and_stands_on_the_home_is_refused() {
    Path layer = Path.of("/images/layer.qcow2");
    home.disks.makeDisk(layer, 1 << 20);
    home.fleet.create("d");
    BaseDisk base = home.store.read(view -> view.bases().list(BaseFilter.ALL)).get(0);
    home.disks.alterHeader(
        layer, header -> withBacking(header, base.diskInfo().basePath().toString()));
    home.disks.alterHeader(disk(OLD, "d"), header -> withBacking(header, layer.toString()));
    home.move();
    assertRefused(Declared.NOTHING, layer.toString());
  }

  @Test
  void a_disk_outside_that_another_copy_of_the_home_has_taken_is_refused() {
    home.move();
    String name = Path.of(home.disks.readHeader(OUTSIDE).backing().name()).getFileName().toString();
    home.disks.alterHeader(OUTSIDE, header -> withBacking(header, "/third/bases/" + name));
    assertRefused(Declared.NOTHING, "the disk belongs to another home");
    // The original may be at a third path.
    assertEquals(ImmutableList.of(box("vm")), home.relocate(Declared.COPIED).leftOut());
  }

  // Helpers.

  private void assertRefused(Declared declared, String reason) {
    ImmutableSet<String> before = home.everything();
    RefusedException planned =
        assertThrows(RefusedException.class, () -> home.relocation(NEW).plan(declared));
    RefusedException refused = assertThrows(RefusedException.class, () -> home.relocate(declared));
    assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused::toString);
    assertEquals(planned.getMessage(), refused.getMessage());
    assertEquals(before, home.everything());
  }

  private static ImageHeader withBacking(ImageHeader header, String name) {
    return new ImageHeader(
        header.version(),
        header.virtualSize(),
        new BackingFile(name, "qcow2"),
        header.dirty(),
        header.corrupt(),
        header.internalSnapshots(),
        header.persistentBitmaps());
  }

  private static Intent intentOn(String box, Path disksDir) {
    return Intents.removeBox(77, new BoxClaim(BoxId.of(box), disksDir));
  }

  private void insert(Intent intent) {
    home.store.change(tx -> tx.intents().insert(intent));
  }
}
