package io.basedisk.domain.doctor;

import static io.basedisk.domain.testing.Examined.assertMended;
import static io.basedisk.domain.testing.Examined.assertOnlyAndLeft;
import static io.basedisk.domain.testing.Examined.findings;
import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An unmounted file system is the only finding, and no record of its files changes. */
final class AwayFileSystemTest {

  private static final Path AWAY = Path.of("/away");

  private final Fleet fleet = new Fleet();
  private BaseDisk unneeded;

  @BeforeEach
  void aHomeWithBasesOfEveryKind() {
    fleet.create("web", "other");
    fleet.write("web", 1, "first");
    fleet.snapshot("web", "daily");
    fleet.write("web", 2, "second");
    fleet.fork("web");
    fleet.addRootfs("debian", fleet.image("debian.qcow2", "debian"));
    unneeded = fleet.fork("other");
    fleet.store.change(tx -> tx.references().deleteOf(box("other")));
  }

  private ImmutableList<BaseDisk> bases() {
    return fleet.store.read(view -> view.bases().list(BaseFilter.ALL));
  }

  private void move(Path from, Path to) {
    fleet.disks.withDirectory(to);
    for (Path file : fleet.disks.list(from)) {
      fleet.disks.rename(file, to.resolve(file.getFileName()));
    }
  }

  @Test
  void bases_that_are_not_mounted_are_one_finding_and_every_record_stays() {
    ImmutableList<BaseDisk> before = bases();
    move(HOME.bases(), AWAY);
    Finding finding = assertOnlyAndLeft(fleet, Kind.FILE_SYSTEM_AWAY, HOME.bases());
    assertEquals(new Remedy.MountFileSystem(HOME.bases()), finding.remedy());
    assertEquals(before, bases());
    fleet.disks.remove(HOME.bases());
    assertOnlyAndLeft(fleet, Kind.FILE_SYSTEM_AWAY, HOME.bases());
    assertEquals(before, bases());

    fleet.disks.withDirectory(HOME.bases(), 0711);
    move(AWAY, HOME.bases());
    assertMended(fleet, Kind.REFERENCE_DIFFERS); // Of the box that lost its reference above.
    fleet.check();
  }

  @Test
  void another_file_system_in_place_of_the_bases_is_none_of_them() {
    move(HOME.bases(), AWAY);
    fleet.disks.withDirectory(HOME.bases().resolve("lost+found"));
    assertOnlyAndLeft(fleet, Kind.FILE_SYSTEM_AWAY, HOME.bases());
  }

  @Test
  void a_lost_snapshot_and_a_lost_rootfs_keep_their_records() {
    for (BaseDisk base : bases()) {
      if (base.name() != null) {
        fleet.disks.remove(base.diskInfo().basePath());
      }
    }
    int before = bases().size();
    Doctor.Report repair = fleet.useCases.doctor().repair(Doctor.Depth.METADATA);
    assertEquals(
        2,
        repair.findings().stream().filter(f -> f.kind() == Kind.RECORD_WITHOUT_FILE).count(),
        repair::toString);
    assertTrue(repair.findings().stream().allMatch(f -> f.remedy().isLossy()), repair::toString);
    assertEquals(before, bases().size());
  }

  @Test
  void the_record_of_a_clone_base_that_a_header_names_or_a_hold_keeps_is_not_dropped() {
    fleet.disks.remove(unneeded.diskInfo().basePath());
    int before = bases().size();
    fleet.useCases.doctor().repair(Doctor.Depth.METADATA); // The header of "other" names it.
    assertEquals(before, bases().size());
  }

  @Test
  void a_disks_directory_that_is_not_there_is_one_finding_of_its_box() {
    Path disks = HOME.disksDirectory(box("web"));
    fleet.store.change(
        tx -> tx.references().put(new Reference(unneeded.id(), box("other"), DiskSlot.CONTAINER)));
    fleet.disks.rename(disk("web"), Path.of("/kept"));
    fleet.disks.remove(disks);
    Finding finding = assertOnlyAndLeft(fleet, Kind.FILE_SYSTEM_AWAY, disks);
    assertEquals(new Remedy.MountFileSystem(disks), finding.remedy());
  }

  @Test
  void the_mount_point_of_disks_is_another_directory_and_no_reference_is_dropped() {
    fleet.attachGuestRootfs("web", bases().get(1));
    fleet.store.change(
        tx -> tx.references().put(new Reference(unneeded.id(), box("other"), DiskSlot.CONTAINER)));
    Path disks = HOME.disksDirectory(box("web"));
    move(disks, AWAY);
    fleet.disks.remove(disks);
    fleet.disks.withDirectory(disks);
    int references = fleet.store.read(view -> view.references().list()).size();
    Finding finding = assertOnlyAndLeft(fleet, Kind.DIRECTORY_DIFFERS, disks);
    assertTrue(finding.remedy().isLossy());
    assertEquals(references, fleet.store.read(view -> view.references().list()).size());
  }

  @Test
  void a_directory_that_was_copied_with_its_disks_is_recorded() {
    fleet.useCases.doctor().repair(Doctor.Depth.METADATA);
    Path disks = HOME.disksDirectory(box("web"));
    Path copied = Path.of("/copied");
    move(disks, copied);
    fleet.disks.remove(disks);
    fleet.disks.withDirectory(disks);
    move(copied, disks);
    assertMended(fleet, Kind.DIRECTORY_DIFFERS);
    fleet.fork("web");
    fleet.check();
    assertEquals(ImmutableList.of(), findings(fleet));
  }

  @Test
  void a_directory_with_a_disk_on_another_base_is_not_recorded() {
    fleet.useCases.doctor().repair(Doctor.Depth.METADATA);
    Path disks = HOME.disksDirectory(box("web"));
    move(disks, AWAY);
    fleet.disks.remove(disks);
    fleet.disks.withDirectory(disks);
    fleet.disks.makeDisk(disk("web"), 1 << 20);
    Finding finding = assertOnlyAndLeft(fleet, Kind.DIRECTORY_DIFFERS, disks);
    assertTrue(finding.remedy().isLossy());
  }
}
