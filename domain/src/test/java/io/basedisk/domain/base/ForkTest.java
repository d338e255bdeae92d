package io.basedisk.domain.base;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Making a base: the steps of the reference's create_base_disk, and what must not happen. */
final class ForkTest {

  private final Fleet fleet = new Fleet();

  private BaseDisk fork(String box, BaseDiskKind kind, String name) {
    return fleet
        .useCases
        .bases()
        .create(box(box), kind, name == null ? null : BaseName.of(kind, name));
  }

  @Nested
  class Makes {

    @Test
    void a_base_with_the_content_of_the_disk() {
      fleet.create("box-1");
      fleet.write("box-1", 3, "before");
      BaseDisk base = fleet.fork("box-1");
      assertEquals(Map.of(3L, "before"), fleet.disks.guestReads(base.diskInfo().basePath()));
      fleet.check();
    }

    @Test
    void a_disk_at_the_same_path_that_reads_the_same_and_can_be_written_to() {
      fleet.create("box-1");
      fleet.write("box-1", 3, "before");
      fleet.fork("box-1");
      fleet.write("box-1", 4, "after");
      assertEquals(Map.of(3L, "before", 4L, "after"), fleet.read("box-1"));
      fleet.check();
    }

    @Test
    void a_base_of_the_very_file_of_the_disk() {
      fleet.create("box-1");
      FileStatus disk = fleet.disks.status(disk("box-1")).orElseThrow();
      BaseDisk base = fleet.fork("box-1");
      assertEquals(
          disk.identity(), fleet.disks.status(base.diskInfo().basePath()).orElseThrow().identity());
    }

    @Test
    void a_base_file_named_for_its_id_in_the_bases_directory() {
      fleet.create("box-1");
      BaseDisk base = fleet.fork("box-1");
      assertEquals(BaseDiskId.LENGTH, base.id().value().length());
      assertEquals(HOME.bases().resolve(base.id() + ".qcow2"), base.diskInfo().basePath());
    }

    @ParameterizedTest
    @EnumSource(names = {"SNAPSHOT", "CLONE_BASE"})
    void a_record_of_each_kind_without_a_name(BaseDiskKind kind) {
      fleet.create("box-1");
      BaseDisk base = fork("box-1", kind, null);
      assertEquals(Optional.of(base), fleet.find(base));
      assertEquals(kind, base.kind());
      assertEquals(null, base.name());
    }

    @ParameterizedTest
    @EnumSource(BaseDiskKind.class)
    void a_record_of_each_kind_with_a_name(BaseDiskKind kind) {
      fleet.create("box-1");
      BaseDisk base = fork("box-1", kind, "snap-1");
      assertEquals(Optional.of(base), fleet.find(base));
      assertEquals(BaseName.of(kind, "snap-1"), base.name());
    }

    @ParameterizedTest
    @EnumSource(BaseDiskKind.class)
    void no_base_with_the_name_of_another_kind_and_leaves_the_disk(BaseDiskKind kind) {
      fleet.create("box-1");
      BaseName name =
          kind == BaseDiskKind.ROOTFS ? new SnapshotName("debian") : new RootfsKey("debian");
      assertThrows(
          InvalidArgumentException.class,
          () -> fleet.useCases.bases().create(box("box-1"), kind, name));
      assertEquals(ImmutableList.of(), fleet.useCases.bases().list(BaseFilter.ALL));
      fleet.check();
    }

    @Test
    void a_record_with_sizes_and_time() {
      fleet.create("box-1");
      FileStatus disk = fleet.disks.status(disk("box-1")).orElseThrow();
      BaseDisk base = fleet.later(77).fork("box-1");
      assertEquals(1L << 30, base.diskInfo().containerDiskBytes());
      assertEquals(disk.length(), base.diskInfo().sizeBytes());
      assertEquals(fleet.ports.now(), base.createdAt());
    }

    @Test
    void a_rootfs_that_belongs_to_no_box() {
      fleet.create("box-1");
      assertEquals(BoxId.GLOBAL, fork("box-1", BaseDiskKind.ROOTFS, "debian").sourceBoxId());
    }

    @Test
    void a_reference_of_its_box() {
      fleet.create("box-1");
      BaseDisk base = fleet.fork("box-1");
      assertEquals(
          ImmutableList.of(box("box-1")),
          fleet.store.read(v -> v.references().listDependents(base.id())));
    }

    @Test
    void a_parent_of_the_base_that_the_disk_stood_on_and_moves_the_reference() {
      fleet.create("box-1");
      BaseDisk first = fleet.fork("box-1");
      BaseDisk second = fleet.fork("box-1");
      assertEquals(first.id(), second.parentId());
      assertEquals(
          ImmutableList.of(), fleet.store.read(v -> v.references().listDependents(first.id())));
      assertEquals(
          Optional.of(first.diskInfo().basePath()),
          fleet.useCases.bases().findParentBase(second.diskInfo().basePath()));
      fleet.check();
    }

    @Test
    void an_overlay_with_owner_and_mode_of_the_disk_and_a_base_that_no_user_may_write_to() {
      fleet.create("box-1");
      fleet.disks.setOwner(disk("box-1"), 107, 108);
      fleet.disks.setMode(disk("box-1"), 0640);
      BaseDisk base = fleet.fork("box-1");
      FileStatus overlay = fleet.disks.status(disk("box-1")).orElseThrow();
      FileStatus file = fleet.disks.status(base.diskInfo().basePath()).orElseThrow();
      assertEquals(0640, overlay.mode());
      assertEquals(107, overlay.owner());
      assertEquals(108, overlay.group());
      assertEquals(0440, file.mode());
      assertEquals(0, file.owner());
      assertEquals(108, file.group());
    }

    @Test
    void a_box_of_a_directory_that_was_not_registered_with_the_references_of_its_other_disk() {
      fleet.create("box-1");
      BaseDisk shared = fork("box-1", BaseDiskKind.ROOTFS, "debian");
      Path dir = Path.of("/vms/db-1");
      fleet.disks.makeDisk(dir.resolve("disk.qcow2"), 1L << 20);
      fleet.disks.makeDisk(dir.resolve("guest-rootfs.qcow2"), 1L << 30);
      fleet.disks.alterHeader(
          dir.resolve("guest-rootfs.qcow2"),
          header -> withBacking(header, shared.diskInfo().basePath().toString()));
      fleet.useCases.bases().create(box("db-1"), dir, BaseDiskKind.CLONE_BASE, null);
      assertEquals(
          dir, fleet.store.read(v -> v.boxes().find(box("db-1"))).orElseThrow().disksDir());
      assertEquals(
          ImmutableList.of(DiskSlot.CONTAINER, DiskSlot.GUEST_ROOTFS),
          fleet.store.read(v -> v.references().listOf(box("db-1"))).stream()
              .map(r -> r.slot())
              .toList());
      fleet.check();
    }

    @Test
    void a_base_that_keeps_what_is_inside_the_disk_of_a_box_that_was_not_registered() {
      Path dir = Path.of("/vms/db-1");
      fleet.disks.makeDisk(dir.resolve("disk.qcow2"), 1L << 20);
      fleet.disks.alterHeader(
          dir.resolve("disk.qcow2"),
          h -> new ImageHeader(3, h.virtualSize(), null, false, false, 0, 1));
      BaseDisk base =
          fleet
              .useCases
              .bases()
              .create(
                  box("db-1"), dir, BaseDiskKind.CLONE_BASE, null, InternalSnapshots.LEAVE_IN_BASE);
      assertEquals(1, fleet.disks.readHeader(base.diskInfo().basePath()).persistentBitmaps());
      fleet.check();
    }

    @Test
    void a_copy_where_the_disk_is_on_another_file_system_and_says_so() {
      Path dir = Path.of("/mnt/vm");
      fleet.disks.mount(Path.of("/mnt"));
      fleet.disks.makeDisk(dir.resolve("disk.qcow2"), 1L << 20);
      fleet.disks.guestWrites(dir.resolve("disk.qcow2"), 1, "x");
      BaseDisk base = fleet.useCases.bases().create(box("vm"), dir, BaseDiskKind.CLONE_BASE, null);
      assertEquals(Map.of(1L, "x"), fleet.disks.guestReads(dir.resolve("disk.qcow2")));
      assertTrue(
          fleet.events.contains(
              new Event.CopiedForFork(
                  fleet.lastOperation(), dir.resolve("disk.qcow2"), base.diskInfo().basePath())));
      fleet.check();
    }

    @Test
    void a_base_that_keeps_what_is_inside_the_disk_if_told_so_and_an_overlay_without_it() {
      fleet.create("box-1");
      fleet.disks.alterHeader(
          disk("box-1"), h -> new ImageHeader(3, h.virtualSize(), null, false, false, 2, 1));
      BaseDisk base =
          fleet
              .useCases
              .bases()
              .create(box("box-1"), BaseDiskKind.CLONE_BASE, null, InternalSnapshots.LEAVE_IN_BASE);
      ImageHeader ofBase = fleet.disks.readHeader(base.diskInfo().basePath());
      ImageHeader ofDisk = fleet.disks.readHeader(disk("box-1"));
      assertEquals(2, ofBase.internalSnapshots());
      assertEquals(1, ofBase.persistentBitmaps());
      assertEquals(0, ofDisk.internalSnapshots() + ofDisk.persistentBitmaps());
      assertEquals(base.id(), fleet.cloneBox("box-1", "copy").id());
      fleet.check();
    }

    @Test
    void an_event_when_it_is_done() {
      fleet.create("box-1");
      BaseDisk base = fleet.fork("box-1");
      assertTrue(
          fleet.events.contains(new Event.Forked(fleet.lastOperation(), base, disk("box-1"))));
    }
  }

  @Nested
  class Refuses {

    private BaseDiskException refuses(Class<? extends BaseDiskException> expected, String why) {
      ImmutableSet<Path> before = fleet.files();
      BaseDiskException refusal = assertThrows(BaseDiskException.class, () -> fleet.fork("box-1"));
      assertInstanceOf(expected, refusal);
      assertTrue(refusal.getMessage().contains(why), refusal::getMessage);
      assertEquals(before, fleet.files());
      assertEquals(ImmutableList.of(), fleet.store.read(v -> v.intents().list()));
      return refusal;
    }

    private void withHeader(UnaryOperator<ImageHeader> change) {
      fleet.create("box-1");
      fleet.disks.alterHeader(disk("box-1"), change);
    }

    @Test
    void a_box_that_is_not_registered() {
      refuses(NotFoundException.class, "no box box-1");
    }

    @Test
    void a_disk_that_is_missing() {
      fleet.create("box-1");
      fleet.disks.remove(disk("box-1"));
      refuses(NotFoundException.class, "disk.qcow2");
    }

    @Test
    void a_disk_that_is_no_image() {
      fleet.create("box-1");
      fleet.disks.writeBytes(disk("box-1"), new byte[100]);
      refuses(InvalidImageException.class, "not a qcow2 image");
    }

    @Test
    void a_disk_with_a_second_name() {
      fleet.create("box-1");
      fleet.disks.withDirectory(Path.of("/other"));
      fleet.disks.link(disk("box-1"), Path.of("/other/disk"));
      refuses(RefusedException.class, "2 names");
    }

    @Test
    void a_disk_that_is_marked_corrupt() {
      withHeader(h -> new ImageHeader(3, h.virtualSize(), null, false, true, 0, 0));
      refuses(InvalidImageException.class, "corrupt");
    }

    @Test
    void a_dirty_disk_and_says_that_it_can_be_repaired() {
      withHeader(h -> new ImageHeader(3, h.virtualSize(), null, true, false, 0, 0));
      assertEquals(
          Optional.of(new Remedy.RepairDisk(disk("box-1"))),
          refuses(RefusedException.class, "is dirty").remedy());
    }

    @Test
    void a_disk_with_internal_snapshots() {
      withHeader(h -> new ImageHeader(3, h.virtualSize(), null, false, false, 2, 0));
      assertEquals(
          Optional.of(new Remedy.DropInternal(disk("box-1"))),
          refuses(RefusedException.class, "2 internal snapshots").remedy());
    }

    @Test
    void a_disk_with_persistent_bitmaps() {
      withHeader(h -> new ImageHeader(3, h.virtualSize(), null, false, false, 0, 1));
      assertEquals(
          Optional.of(new Remedy.DropInternal(disk("box-1"))),
          refuses(RefusedException.class, "1 persistent bitmap,").remedy());
    }

    @Test
    void a_disk_whose_backing_file_is_missing() {
      withHeader(h -> withBacking(h, "/nowhere/base.qcow2"));
      refuses(NotFoundException.class, "/nowhere/base.qcow2 is missing");
    }

    @Test
    void a_disk_whose_relative_backing_name_would_mean_another_file_from_the_bases_directory() {
      withHeader(h -> withBacking(h, "base.qcow2"));
      fleet.disks.makeDisk(disk("box-1").resolveSibling("base.qcow2"), 1L << 20);
      refuses(RefusedException.class, "would not be found from");
    }

    @Test
    void a_disk_that_backs_onto_a_file_in_the_bases_directory_without_a_record() {
      Path orphan = HOME.bases().resolve("orphan01.qcow2");
      fleet.disks.makeDisk(orphan, 1L << 20);
      withHeader(h -> withBacking(h, orphan.toString()));
      refuses(RefusedException.class, "no record");
    }

    @Test
    void a_disk_whose_owner_could_not_reach_the_base() {
      fleet.create("box-1");
      fleet.disks.setOwner(disk("box-1"), 107, 107);
      fleet.disks.setMode(HOME.home(), 0700);
      refuses(RefusedException.class, "user 107");
    }

    @Test
    void a_name_that_another_snapshot_of_the_box_has() {
      fleet.create("box-1");
      fleet.snapshot("box-1", "daily");
      AlreadyExistsException refusal =
          assertThrows(AlreadyExistsException.class, () -> fleet.snapshot("box-1", "daily"));
      assertTrue(refusal.getMessage().contains("daily"), refusal::getMessage);
      fleet.check();
    }

    @Test
    void a_directory_that_is_another_boxs() {
      fleet.create("box-1");
      assertThrows(
          AlreadyExistsException.class,
          () ->
              fleet
                  .useCases
                  .bases()
                  .create(
                      box("box-2"),
                      HOME.disksDirectory(box("box-1")),
                      BaseDiskKind.CLONE_BASE,
                      null));
      fleet.check();
    }

    @Test
    void a_second_directory_for_a_box() {
      fleet.create("box-1");
      fleet.disks.makeDisk(Path.of("/vms/x/disk.qcow2"), 1L << 20);
      assertThrows(
          RefusedException.class,
          () ->
              fleet
                  .useCases
                  .bases()
                  .create(box("box-1"), Path.of("/vms/x"), BaseDiskKind.CLONE_BASE, null));
    }

    @Test
    void the_bases_directory_as_the_disks_directory_of_a_box() {
      assertThrows(
          RefusedException.class,
          () ->
              fleet
                  .useCases
                  .bases()
                  .create(box("box-1"), HOME.bases(), BaseDiskKind.CLONE_BASE, null));
    }
  }

  @Test
  void a_fork_that_another_one_overtook_before_it_claimed_the_disk_is_refused() {
    fleet.create("box-1");
    boolean[] overtaken = {false};
    fleet.beforeEachStep(
        step -> {
          if (!overtaken[0]) {
            overtaken[0] = true;
            fleet.fork("box-1");
          }
        });
    assertThrows(RefusedException.class, () -> fleet.fork("box-1"));
    fleet.fork("box-1");
    fleet.check();
  }

  @Test
  void two_boxes_may_have_snapshots_of_the_same_name() {
    fleet.create("box-1", "box-2");
    assertNotEquals(fleet.snapshot("box-1", "daily"), fleet.snapshot("box-2", "daily"));
  }

  @Test
  void the_layer_of_a_box_is_the_base_that_its_disk_directly_stands_on() {
    fleet.create("box-1");
    Path disks = HOME.disksDirectory(box("box-1"));
    assertEquals(Optional.empty(), fleet.useCases.bases().identifyLayer(disks));
    BaseDisk base = fleet.fork("box-1");
    assertEquals(
        Optional.of(base.diskInfo().basePath()), fleet.useCases.bases().identifyLayer(disks));
    assertEquals(Optional.empty(), fleet.useCases.bases().identifyLayer(Path.of("/nowhere")));
  }

  private static ImageHeader withBacking(ImageHeader header, String name) {
    return new ImageHeader(
        3, header.virtualSize(), new BackingFile(name, "qcow2"), false, false, 0, 0);
  }
}
