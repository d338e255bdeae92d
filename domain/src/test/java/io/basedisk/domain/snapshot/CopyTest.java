package io.basedisk.domain.snapshot;

import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageCheck;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.snapshot.Snapshots.Fate;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Snapshots by copy: the disk keeps its file. */
final class CopyTest {

  private final Fleet fleet = new Fleet();

  /** Makes a box whose disk is an overlay of a base and was written to since. */
  private BaseDisk boxOnBase() {
    fleet.create("web");
    fleet.write("web", 1, "before");
    BaseDisk base = fleet.fork("web");
    fleet.write("web", 2, "since");
    return base;
  }

  @Nested
  class Makes {

    @Test
    void a_snapshot_of_what_the_disk_contains() {
      boxOnBase();
      BaseDisk copied = fleet.copy("web", "copied");
      assertEquals(BaseDiskKind.SNAPSHOT, copied.kind());
      assertEquals(new SnapshotName("copied"), copied.name());
      assertEquals(
          Map.of(1L, "before", 2L, "since"), fleet.disks.guestReads(copied.diskInfo().basePath()));
      fleet.check();
    }

    @Test
    void no_change_of_the_disk_and_of_what_it_stands_on() {
      BaseDisk base = boxOnBase();
      FileStatus before = fleet.disks.status(disk("web")).orElseThrow();
      fleet.copy("web", "copied");
      assertEquals(Optional.of(before), fleet.disks.status(disk("web")));
      assertEquals(base.id(), fleet.useCases.boxes().get(box("web")).baseId());
    }

    @Test
    void a_sibling_of_the_disk_on_the_same_base() {
      BaseDisk base = boxOnBase();
      assertEquals(base.id(), fleet.copy("web", "copied").parentId());
    }

    @Test
    void a_base_of_the_homes_owner_and_the_disks_group_that_no_user_may_write_to() {
      fleet.create("web");
      fleet.disks.setOwner(disk("web"), 107, 108);
      fleet.disks.setMode(disk("web"), 0640);
      BaseDisk copied = fleet.copy("web", "copied");
      FileStatus file = fleet.disks.status(copied.diskInfo().basePath()).orElseThrow();
      assertEquals(0440, file.mode());
      assertEquals(0, file.owner());
      assertEquals(108, file.group());
    }

    @Test
    void a_snapshot_that_is_restored_and_cloned_as_any_other() {
      boxOnBase();
      fleet.copy("web", "copied");
      fleet.write("web", 2, "later");
      fleet
          .useCases
          .clones()
          .cloneSnapshot(box("web"), new SnapshotName("copied"), ImmutableList.of(box("copy")));
      fleet.restore("web", "copied");
      assertEquals(Map.of(1L, "before", 2L, "since"), fleet.read("web"));
      assertEquals(Map.of(1L, "before", 2L, "since"), fleet.read("copy"));
      fleet.check();
    }

    @Test
    void a_snapshot_that_nothing_needs_and_that_goes_with_its_removal() {
      boxOnBase();
      BaseDisk copied = fleet.copy("web", "copied");
      Snapshots.Removed removed = fleet.removeSnapshot("web", "copied");
      assertEquals(new Fate.Gone(), removed.fate());
      assertEquals(ImmutableList.of(copied.id()), removed.report().collected());
      fleet.check();
    }

    @Test
    void a_base_that_keeps_the_one_below_it() {
      BaseDisk base = boxOnBase();
      BaseDisk copied = fleet.copy("web", "copied");
      fleet
          .useCases
          .clones()
          .cloneSnapshot(box("web"), new SnapshotName("copied"), ImmutableList.of(box("copy")));
      fleet.useCases.boxes().remove(box("web"), Boxes.SnapshotsOnRemoval.REMOVE);
      assertEquals(Map.of(1L, "before", 2L, "since"), fleet.read("copy"));
      assertEquals(ImmutableList.of(copied.id(), base.id()), fleet.remove("copy"));
    }

    @Test
    void a_base_that_keeps_what_is_inside_the_disk_if_told_so_and_so_does_the_disk() {
      withHeader(h -> new ImageHeader(3, h.virtualSize(), null, false, false, 2, 1));
      BaseDisk copied =
          fleet
              .useCases
              .snapshots()
              .create(
                  box("web"),
                  new SnapshotName("copied"),
                  Snapshots.Mode.COPY,
                  InternalSnapshots.LEAVE_IN_BASE);
      assertEquals(
          fleet.disks.readHeader(disk("web")),
          fleet.disks.readHeader(copied.diskInfo().basePath()));
    }

    @Test
    void a_copy_of_an_image_that_leaks_clusters_and_has_no_errors() {
      fleet.create("web");
      fleet.disks.damage(disk("web"), new ImageCheck(0, 3));
      fleet.copy("web", "copied");
      fleet.check();
    }

    @Test
    void an_event_when_it_is_done() {
      fleet.create("web");
      BaseDisk copied = fleet.copy("web", "copied");
      assertTrue(
          fleet.events.contains(new Event.Copied(fleet.lastOperation(), copied, disk("web"))));
    }
  }

  private void withHeader(UnaryOperator<ImageHeader> change) {
    fleet.create("web");
    fleet.disks.alterHeader(disk("web"), change);
  }

  @Nested
  class Refuses {

    private BaseDiskException refuses(Class<? extends BaseDiskException> expected, String why) {
      ImmutableSet<Path> before = fleet.files();
      BaseDiskException refusal =
          assertThrows(BaseDiskException.class, () -> fleet.copy("web", "copied"));
      assertInstanceOf(expected, refusal);
      assertTrue(refusal.getMessage().contains(why), refusal::getMessage);
      assertEquals(before, fleet.files());
      assertEquals(ImmutableList.of(), fleet.store.read(v -> v.intents().list()));
      return refusal;
    }

    @Test
    void a_box_that_is_not_registered() {
      refuses(NotFoundException.class, "no box web");
    }

    @Test
    void a_name_that_another_snapshot_has() {
      fleet.create("web");
      fleet.snapshot("web", "copied");
      refuses(AlreadyExistsException.class, "copied");
    }

    @Test
    void a_dirty_disk_whose_refcounts_its_vm_does_not_write() {
      withHeader(h -> new ImageHeader(3, h.virtualSize(), null, true, false, 0, 0));
      assertEquals(
          Optional.of(new Remedy.StopVm(disk("web"))),
          refuses(RefusedException.class, "lazy_refcounts").remedy());
    }

    @Test
    void a_disk_that_is_marked_corrupt() {
      withHeader(h -> new ImageHeader(3, h.virtualSize(), null, false, true, 0, 0));
      refuses(InvalidImageException.class, "corrupt");
    }

    @Test
    void a_disk_of_which_the_copy_has_errors() {
      fleet.create("web");
      fleet.disks.damage(disk("web"), new ImageCheck(2, 0));
      refuses(InvalidImageException.class, "2 errors");
    }

    @Test
    void a_disk_with_internal_snapshots() {
      withHeader(h -> new ImageHeader(3, h.virtualSize(), null, false, false, 2, 0));
      assertEquals(
          Optional.of(new Remedy.DropInternal(disk("web"))),
          refuses(RefusedException.class, "2 internal snapshots").remedy());
    }

    @Test
    void a_disk_with_persistent_bitmaps() {
      withHeader(h -> new ImageHeader(3, h.virtualSize(), null, false, false, 0, 1));
      assertEquals(
          Optional.of(new Remedy.DropInternal(disk("web"))),
          refuses(RefusedException.class, "1 persistent bitmap").remedy());
    }

    @Test
    void a_disk_whose_owner_could_not_reach_the_base() {
      fleet.create("web");
      fleet.disks.setOwner(disk("web"), 107, 107);
      fleet.disks.setMode(Fleet.HOME.home(), 0700);
      refuses(RefusedException.class, "user 107");
    }
  }

  @Test
  void the_disk_can_not_be_forked_while_it_is_copied() {
    fleet.create("web");
    boolean[] tried = {false};
    fleet.beforeEachStep(
        step -> {
          if (step.startsWith("copy") && !tried[0]) {
            tried[0] = true;
            assertThrows(BusyException.class, () -> fleet.fork("web"));
          }
        });
    fleet.copy("web", "copied");
    assertTrue(tried[0]);
    fleet.check();
  }
}
