package io.basedisk.domain.rebuild;

import static io.basedisk.domain.rebuild.RebuiltHome.ID;
import static io.basedisk.domain.rebuild.RebuiltHome.filled;
import static io.basedisk.domain.rebuild.RebuiltHome.plan;
import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import io.basedisk.domain.testing.InMemoryDisks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A rebuild from chains that leave the home, are damaged, or are forged. */
final class ChainsOfRebuildTest {

  private static final BaseDiskId BASE = new BaseDiskId("AAAAAAAA");
  private static final BaseDiskId LOWER = new BaseDiskId("BBBBBBBB");
  private static final Path GOLDEN = Path.of("/images/golden.qcow2");
  private static final Path RAW = Path.of("/images/golden.raw");
  private static final ByteSize SIZE = new ByteSize(1 << 20);

  private final InMemoryDisks disks = new Fleet().disks;

  // Foreign bases.

  @Test
  void a_chain_that_leaves_the_home_ends_in_foreign_bases() {
    raw(0644);
    overlay(GOLDEN, RAW, ImageFormat.RAW);
    disks.setMode(GOLDEN, 0444);
    overlay(HOME.baseFile(BASE), GOLDEN, ImageFormat.QCOW2);

    RebuildPlan plan = plan(disks);

    BaseDisk base = record(plan, HOME.baseFile(BASE));
    BaseDisk golden = record(plan, GOLDEN);
    BaseDisk raw = record(plan, RAW);
    assertEquals(golden.id(), base.parentId());
    assertEquals(raw.id(), golden.parentId());
    assertTrue(golden.diskInfo().isForeign());
    assertEquals(ImageFormat.RAW, raw.diskInfo().format());
    assertEquals(1024, raw.diskInfo().containerDiskBytes());
    assertEquals(1000, raw.diskInfo().sizeBytes());
    assertFalse(base.diskInfo().isForeign());
    filled(disks, plan);
  }

  @Test
  void a_file_that_others_cant_read_is_no_foreign_base_of_a_base_that_does_not_describe_itself() {
    raw(0600);
    overlay(HOME.baseFile(BASE), RAW, ImageFormat.RAW);

    RebuildPlan plan = plan(disks);

    assertEquals(1, plan.bases().size());
    assertEquals(RAW, plan.leftOut().get(0).file());
  }

  @Test
  void a_file_that_others_cant_read_is_a_foreign_base_of_one_that_was_checked_when_it_was_made() {
    raw(0600);
    overlay(HOME.baseFile(BASE), RAW, ImageFormat.RAW);
    disks.describe(
        HOME.baseFile(BASE),
        new BaseDescription(
            ID,
            BASE,
            BaseDiskKind.CLONE_BASE,
            null,
            BoxId.GLOBAL,
            null,
            Instant.EPOCH,
            ImageFormat.QCOW2));

    assertEquals(2, plan(disks).bases().size());
  }

  @Test
  void a_disk_of_a_box_is_no_foreign_base() {
    disks.makeDisk(disk("victim"), SIZE.bytes());
    disks.setMode(disk("victim"), 0644);
    Path elsewhere = Path.of("/vms/other/disks");
    disks.makeDisk(elsewhere.resolve("disk.qcow2"), SIZE.bytes());
    disks.setMode(elsewhere.resolve("disk.qcow2"), 0644);
    overlay(HOME.baseFile(BASE), disk("victim"), ImageFormat.QCOW2);
    overlay(HOME.baseFile(LOWER), elsewhere.resolve("disk.qcow2"), ImageFormat.QCOW2);

    RebuildPlan plan = plan(disks, elsewhere);

    assertEquals(2, plan.bases().size());
    assertEquals(
        ImmutableList.of(disk("victim"), elsewhere.resolve("disk.qcow2")),
        plan.leftOut().stream().map(LeftOut::file).collect(ImmutableList.toImmutableList()));
  }

  @Test
  void what_a_boxs_owner_wrote_into_a_header_makes_no_file_a_base() {
    raw(0644);
    disks.withDirectory(HOME.disksDirectory(box("web")));
    overlay(disk("web"), RAW, ImageFormat.RAW);

    RebuildPlan plan = plan(disks);

    assertEquals(ImmutableList.of(), plan.bases());
    assertEquals(ImmutableList.of(), plan.references());
    assertEquals(1, plan.boxes().size());
    assertEquals(RAW, plan.leftOut().get(0).file());
  }

  @Test
  void a_disk_that_stands_on_a_base_through_another_file_needs_that_base() {
    disks.makeDisk(HOME.baseFile(BASE), SIZE.bytes());
    overlay(GOLDEN, HOME.baseFile(BASE), ImageFormat.QCOW2);
    disks.withDirectory(HOME.disksDirectory(box("web")));
    overlay(disk("web"), GOLDEN, ImageFormat.QCOW2);

    RebuildPlan plan = plan(disks);

    assertEquals(
        ImmutableList.of(new Reference(BASE, box("web"), DiskSlot.CONTAINER)), plan.references());
    assertEquals(1, plan.holds().size());
  }

  // Damage.

  @Test
  void a_base_whose_backing_file_is_missing_is_recorded_without_a_parent() {
    overlay(HOME.baseFile(BASE), HOME.baseFile(LOWER), ImageFormat.QCOW2);

    RebuildPlan plan = plan(disks);

    assertEquals(null, record(plan, HOME.baseFile(BASE)).parentId());
    assertTrue(plan.leftOut().get(0).why().contains("missing"), () -> "" + plan.leftOut());
  }

  @Test
  void disks_that_need_bases_while_there_are_none_mean_that_a_mount_is_away() {
    disks.withDirectory(HOME.disksDirectory(box("web")));
    overlay(disk("web"), HOME.baseFile(BASE), ImageFormat.QCOW2);

    assertThrows(RefusedException.class, () -> plan(disks));
  }

  @Test
  void a_base_whose_header_cant_be_read_is_left_out_and_what_stands_on_it_is_not() {
    disks.writeBytes(HOME.baseFile(LOWER), new byte[512]);
    overlay(HOME.baseFile(BASE), HOME.baseFile(LOWER), ImageFormat.QCOW2);
    disks.withDirectory(HOME.disksDirectory(box("web")));
    overlay(disk("web"), HOME.baseFile(BASE), ImageFormat.QCOW2);

    RebuildPlan plan = plan(disks);

    assertEquals(1, plan.bases().size());
    assertEquals(1, plan.references().size());
    assertEquals(1, plan.holds().size());
    assertEquals(2, plan.leftOut().size());
    filled(disks, plan);
  }

  @Test
  void a_cycle_of_bases_is_cut_and_every_base_of_it_recorded() {
    overlay(HOME.baseFile(LOWER), HOME.baseFile(BASE), ImageFormat.QCOW2);
    overlay(HOME.baseFile(BASE), HOME.baseFile(LOWER), ImageFormat.QCOW2);
    BaseDiskId self = new BaseDiskId("CCCCCCCC");
    overlay(HOME.baseFile(self), HOME.baseFile(self), ImageFormat.QCOW2);

    RebuildPlan plan = plan(disks);

    assertEquals(3, plan.bases().size());
    assertEquals(2, plan.leftOut().size());
    assertEquals(3, plan.holds().size());
    filled(disks, plan);
  }

  @Test
  void a_chain_of_many_thousand_bases_is_recorded_in_order() {
    BaseDiskId below = id(0);
    disks.makeDisk(HOME.baseFile(below), SIZE.bytes());
    int depth = 3_000;
    for (int i = 1; i < depth; i++) {
      disks.createOverlay(HOME.baseFile(id(i)), HOME.baseFile(below), ImageFormat.QCOW2, SIZE);
      below = id(i);
    }

    RebuildPlan plan = plan(disks);

    assertEquals(depth, plan.bases().size());
    assertEquals(1, plan.holds().size());
    assertEquals(Optional.of(id(0)), plan.bases().stream().map(BaseDisk::id).findFirst());
  }

  private static BaseDiskId id(int number) {
    // The newest base has the first name, so that order by time and by name differ.
    return new BaseDiskId(String.format("%08d", 99_999_999 - number));
  }

  // A home that is not at the path in its headers.

  @Test
  void the_headers_of_a_moved_home_lead_to_records_for_the_old_path() {
    Path old = Path.of("/old/home");
    home(old);

    RebuildPlan plan = plan(disks);
    InMemoryBaseDiskStore store = filled(disks, plan);

    assertEquals(old, plan.identity().path());
    assertEquals(ImmutableList.of(), plan.leftOut());
    assertEquals(2, plan.bases().size());
    assertEquals(
        ImmutableList.of(new Reference(BASE, box("web"), DiskSlot.CONTAINER)), plan.references());
    assertEquals(
        old.resolve("bases/AAAAAAAA.qcow2"),
        store.read(view -> view.bases().find(BASE)).orElseThrow().diskInfo().basePath());
    assertEquals(
        old.resolve("boxes/web/disks"), store.read(view -> view.boxes().list()).get(0).disksDir());
  }

  @Test
  void the_bases_of_the_home_that_was_copied_are_no_foreign_bases() {
    Path original = Path.of("/original");
    disks.makeDisk(original.resolve("bases/AAAAAAAA.qcow2"), SIZE.bytes());
    disks.makeDisk(original.resolve("bases/BBBBBBBB.qcow2"), SIZE.bytes());
    disks.setMode(original.resolve("bases/AAAAAAAA.qcow2"), 0444);
    disks.setMode(original.resolve("bases/BBBBBBBB.qcow2"), 0444);
    home(original);

    RebuildPlan plan = plan(disks);

    assertEquals(original, plan.identity().path());
    assertEquals(2, plan.bases().size());
    assertTrue(plan.bases().stream().noneMatch(base -> base.diskInfo().isForeign()));
  }

  @Test
  void one_disk_that_names_another_home_does_not_move_this_one() {
    home(HOME.home());
    disks.withDirectory(HOME.disksDirectory(box("liar")));
    overlay(disk("liar"), Path.of("/x/bases/BBBBBBBB.qcow2"), ImageFormat.QCOW2);

    RebuildPlan plan = plan(disks);

    assertEquals(HOME.home(), plan.identity().path());
    assertEquals(disk("liar"), plan.leftOut().get(0).file());
    assertTrue(plan.holds().stream().anyMatch(hold -> hold.base().equals(LOWER)), "doubt keeps it");
  }

  /** Makes two bases and a box on them, with headers written for a home at that path. */
  private void home(Path path) {
    disks.makeDisk(HOME.baseFile(LOWER), SIZE.bytes());
    overlay(HOME.baseFile(BASE), path.resolve("bases/BBBBBBBB.qcow2"), ImageFormat.QCOW2);
    disks.withDirectory(HOME.disksDirectory(box("web")));
    overlay(disk("web"), path.resolve("bases/AAAAAAAA.qcow2"), ImageFormat.QCOW2);
  }

  private void raw(int mode) {
    disks.withDirectory(RAW.getParent());
    disks.writeBytes(RAW, new byte[1000]);
    disks.setMode(RAW, mode);
  }

  private void overlay(Path image, Path backing, ImageFormat format) {
    disks.withDirectory(image.getParent());
    disks.createOverlay(image, backing, format, SIZE);
  }

  private static BaseDisk record(RebuildPlan plan, Path file) {
    return plan.bases().stream()
        .filter(base -> base.diskInfo().basePath().equals(file))
        .findFirst()
        .orElseThrow();
  }
}
