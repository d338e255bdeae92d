package io.basedisk.domain.doctor;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageCheck;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each disagreement is found, and repaired if that loses no data. */
final class DoctorTest {

  private final Fleet fleet = new Fleet();
  private BaseDisk parent;
  private BaseDisk child;

  @BeforeEach
  void aBoxOnTwoBases() {
    fleet.create("web");
    fleet.write("web", 1, "first");
    parent = fleet.fork("web");
    fleet.write("web", 2, "second");
    child = fleet.fork("web");
    fleet.check();
  }

  private Doctor doctor() {
    return fleet.useCases.doctor();
  }

  private Path file(BaseDisk base) {
    return base.diskInfo().basePath();
  }

  private static ImmutableSet<Kind> kinds(ImmutableList<Finding> findings) {
    return findings.stream().map(Finding::kind).collect(ImmutableSet.toImmutableSet());
  }

  private void assertMended(Kind kind) {
    assertEquals(ImmutableSet.of(kind), kinds(doctor().examine(Depth.METADATA).findings()));
    Doctor.Report repair = doctor().repair(Depth.METADATA);
    assertEquals(ImmutableSet.of(kind), kinds(repair.repaired()));
    assertEquals(ImmutableList.of(), repair.findings());
    assertEquals(ImmutableList.of(), doctor().examine(Depth.METADATA).findings());
  }

  private void assertLeft(Kind kind, boolean isLossy) {
    Doctor.Report repair = doctor().repair(Depth.METADATA);
    assertEquals(ImmutableList.of(), repair.repaired());
    assertTrue(kinds(repair.findings()).contains(kind), () -> repair.findings().toString());
    repair.findings().stream()
        .filter(finding -> finding.kind() == kind)
        .forEach(finding -> assertEquals(isLossy, finding.remedy().isLossy(), finding::toString));
  }

  private void backOnto(Path image, Path backing) {
    fleet.disks.alterHeader(
        image,
        h ->
            new ImageHeader(
                3,
                h.virtualSize(),
                backing == null ? null : new BackingFile(backing.toString(), "qcow2"),
                false,
                false,
                0,
                0));
  }

  @Test
  void a_home_in_order_has_no_findings_at_any_depth() {
    for (Depth depth : ImmutableList.of(Depth.METADATA, Depth.CONTENT, Depth.CONTENT)) {
      assertEquals(ImmutableList.of(), doctor().examine(depth).findings());
    }
  }

  @Test
  void a_record_without_a_file_that_something_needs_is_left() {
    fleet.disks.remove(file(child));
    assertLeft(Kind.RECORD_WITHOUT_FILE, true);
    assertTrue(fleet.find(child).isPresent());
  }

  @Test
  void a_record_without_a_file_that_nothing_needs_is_dropped() {
    fleet.create("other");
    BaseDisk lost = fleet.fork("other");
    fleet.store.change(tx -> tx.references().deleteOf(box("other")));
    backOnto(disk("other"), null);
    fleet.disks.remove(file(lost));
    assertMended(Kind.RECORD_WITHOUT_FILE);
    assertTrue(fleet.find(lost).isEmpty());
  }

  @Test
  void a_file_without_a_record_that_nothing_needs_is_left_to_the_sweep() {
    fleet.disks.makeDisk(HOME.bases().resolve("orphan01.qcow2"), 1 << 20);
    assertLeft(Kind.FILE_WITHOUT_RECORD, true);
  }

  @Test
  void a_file_without_a_record_that_a_disk_needs_is_recorded() {
    fleet.create("other");
    Path orphan = HOME.bases().resolve("orphan01.qcow2");
    fleet.disks.makeDisk(orphan, 1 << 20);
    backOnto(orphan, file(child));
    backOnto(disk("other"), orphan);
    Doctor.Report first = doctor().repair(Depth.METADATA);
    assertTrue(kinds(first.repaired()).contains(Kind.FILE_WITHOUT_RECORD));
    doctor().repair(Depth.METADATA);
    assertEquals(ImmutableList.of(), doctor().examine(Depth.METADATA).findings());
    BaseDisk adopted =
        fleet.store.read(view -> view.bases().find(new BaseDiskId("orphan01"))).orElseThrow();
    assertEquals(child.id(), adopted.parentId());
    fleet.check();
  }

  @Test
  void a_parent_that_differs_from_the_header_is_recorded_anew() {
    fleet.store.change(tx -> tx.bases().putParent(child.id(), null));
    assertMended(Kind.PARENT_DIFFERS);
    fleet.check();
  }

  @Test
  void a_reference_that_differs_from_the_disk_is_recorded_anew() {
    fleet.store.change(
        tx -> tx.references().put(new Reference(parent.id(), box("web"), DiskSlot.CONTAINER)));
    assertMended(Kind.REFERENCE_DIFFERS);
    fleet.check();
  }

  @Test
  void the_reference_of_a_disk_that_is_gone_is_dropped() {
    fleet.store.change(
        tx -> tx.references().put(new Reference(parent.id(), box("web"), DiskSlot.GUEST_ROOTFS)));
    assertMended(Kind.REFERENCE_DIFFERS);
    fleet.check();
  }

  @Test
  void a_missing_disk_is_left() {
    fleet.disks.remove(disk("web"));
    assertLeft(Kind.DISK_MISSING, true);
  }

  @Test
  void a_missing_backing_file_is_left() {
    backOnto(disk("web"), Path.of("/gone"));
    assertLeft(Kind.BACKING_FILE_MISSING, true);
  }

  @Test
  void a_cycle_is_left() {
    backOnto(file(parent), file(child));
    assertLeft(Kind.CYCLE, true);
  }

  @Test
  void a_disk_that_is_no_image_is_left() {
    fleet.disks.writeBytes(disk("web"), new byte[10]);
    assertLeft(Kind.IMAGE_INVALID, true);
  }

  @Test
  void a_base_that_can_be_written_to_is_mended() {
    fleet.disks.setMode(file(parent), 0640);
    assertMended(Kind.WRONG_PERMISSIONS);
    fleet.check();
  }

  @Test
  void a_bases_directory_that_others_can_list_or_write_to_is_mended() {
    fleet.disks.setMode(HOME.bases(), 0777);
    assertMended(Kind.WRONG_PERMISSIONS);
    assertEquals(0711, fleet.disks.status(HOME.bases()).orElseThrow().mode());
  }

  @Test
  void a_home_that_others_can_list_is_in_order_and_one_that_they_can_write_to_is_not() {
    fleet.disks.setMode(HOME.home(), 0755);
    assertEquals(ImmutableList.of(), doctor().examine(Depth.METADATA).findings());
    fleet.disks.setMode(HOME.home(), 0775);
    assertMended(Kind.WRONG_PERMISSIONS);
  }

  @Test
  void a_base_that_was_written_to_is_left() {
    fleet.disks.guestWrites(file(parent), 9, "vandal");
    assertLeft(Kind.BASE_CHANGED, true);
  }

  @Test
  void a_base_whose_bytes_changed_behind_an_old_time_is_found_by_a_deep_look() {
    assertEquals(ImmutableList.of(), doctor().examine(Depth.CONTENT).findings());
    fleet.disks.alterSecretly(file(parent));
    assertEquals(ImmutableList.of(), doctor().examine(Depth.METADATA).findings());
    assertEquals(
        ImmutableSet.of(Kind.BASE_CHANGED), kinds(doctor().examine(Depth.CONTENT).findings()));
  }

  @Test
  void errors_in_an_image_are_left_and_leaks_in_a_base_are_no_finding() {
    fleet.disks.damage(file(parent), new ImageCheck(0, 3));
    assertEquals(ImmutableList.of(), doctor().examine(Depth.METADATA).findings());
    fleet.disks.damage(disk("web"), new ImageCheck(0, 3));
    assertLeft(Kind.IMAGE_LEAKS, false);
    fleet.disks.damage(disk("web"), new ImageCheck(1, 0));
    assertLeft(Kind.IMAGE_DAMAGED, true);
  }

  @Test
  void a_disk_that_a_vm_writes_to_is_not_checked() {
    fleet.disks.damage(disk("web"), new ImageCheck(5, 5));
    try (var vm = fleet.imageLocks.startVm(disk("web"))) {
      assertEquals(ImmutableList.of(), doctor().examine(Depth.METADATA).findings(), vm::toString);
    }
  }

  @Test
  void an_intent_that_allows_no_verdict_is_left() {
    fleet.beforeEachStep(
        step -> {
          if (step.startsWith("rename") || step.startsWith("sync " + disk("web").getParent())) {
            throw new AssertionError("killed");
          }
        });
    assertThrows(AssertionError.class, () -> fleet.fork("web"));
    Fleet next = fleet.afterKill();
    next.disks.rename(disk("web"), Path.of("/away"));
    assertTrue(
        kinds(next.useCases.doctor().repair(Depth.METADATA).findings())
            .contains(Kind.STALE_INTENT));
    next.disks.rename(Path.of("/away"), disk("web"));
    assertEquals(ImmutableList.of(), next.useCases.doctor().examine(Depth.METADATA).findings());
    next.check();
  }

  @Test
  void an_operation_under_way_is_no_finding() {
    fleet.beforeEachStep(
        step -> {
          if (step.startsWith("remove write permission")) {
            assertFalse(
                kinds(doctor().examine(Depth.METADATA).findings()).contains(Kind.STALE_INTENT));
          }
        });
    fleet.fork("web");
    fleet.check();
  }
}
