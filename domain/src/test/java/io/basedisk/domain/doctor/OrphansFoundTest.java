package io.basedisk.domain.doctor;

import static io.basedisk.domain.testing.Examined.assertMended;
import static io.basedisk.domain.testing.Examined.assertOnlyAndLeft;
import static io.basedisk.domain.testing.Examined.findings;
import static io.basedisk.domain.testing.Examined.only;
import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Unrecorded files are found, and a file that is known to be a base is recorded again. */
final class OrphansFoundTest {

  private static final Path ORPHAN = HOME.bases().resolve("orphan01.qcow2");
  private static final BaseDiskId ID = new BaseDiskId("orphan01");
  private static final SnapshotName DAILY = new SnapshotName("daily");
  private static final Instant THEN = Instant.ofEpochSecond(1_600_000_000);

  private final Fleet fleet = new Fleet();
  private BaseDisk base;

  @BeforeEach
  void aBoxOnABase() {
    fleet.create("web");
    fleet.write("web", 1, "first");
    base = fleet.fork("web");
  }

  private HomeId homeId() {
    return fleet.store.read(view -> view.home().findIdentity()).orElseThrow().id();
  }

  private void makeOrphan(HomeId home, BaseDiskKind kind, SnapshotName name) {
    fleet.disks.makeDisk(ORPHAN, 1 << 20);
    fleet.disks.setMode(ORPHAN, 0440);
    fleet.disks.describe(
        ORPHAN,
        new BaseDescription(home, ID, kind, name, box("web"), null, THEN, ImageFormat.QCOW2));
  }

  private BaseDisk recorded() {
    return fleet.store.read(view -> view.bases().find(ID)).orElseThrow();
  }

  private void gc() {
    fleet.useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
  }

  private void backOnto(Path image, Path backing) {
    fleet.disks.alterHeader(
        image,
        h ->
            new ImageHeader(
                3,
                h.virtualSize(),
                new BackingFile(backing.toString(), "qcow2"),
                false,
                false,
                0,
                0));
  }

  @Test
  void a_base_that_describes_itself_as_this_homes_is_recorded_as_it_says() {
    makeOrphan(homeId(), BaseDiskKind.SNAPSHOT, DAILY);
    assertEquals(new Repair.RecordBase(ID, false), only(fleet).repair());
    assertMended(fleet, Kind.FILE_WITHOUT_RECORD);
    BaseDisk recorded = recorded();
    assertEquals(DAILY, recorded.name());
    assertEquals(BaseDiskKind.SNAPSHOT, recorded.kind());
    assertEquals(box("web"), recorded.sourceBoxId());
    assertEquals(THEN, recorded.createdAt());
  }

  @Test
  void a_name_that_is_taken_is_not_given_again() {
    BaseDisk daily = fleet.snapshot("web", "daily");
    makeOrphan(homeId(), BaseDiskKind.SNAPSHOT, DAILY);
    assertMended(fleet, Kind.FILE_WITHOUT_RECORD);
    assertEquals(null, recorded().name());
    assertEquals(DAILY, fleet.find(daily).orElseThrow().name());
  }

  @Test
  void a_clone_base_that_nothing_is_known_to_need_is_held() {
    makeOrphan(homeId(), BaseDiskKind.CLONE_BASE, null);
    assertMended(fleet, Kind.FILE_WITHOUT_RECORD);
    assertEquals(
        ImmutableList.of(new Hold(ID, Hold.Reason.REBUILT, null)),
        fleet.store.read(view -> view.holds().listOn(ID)));
    gc();
    assertTrue(fleet.disks.status(ORPHAN).isPresent());
    assertEquals(ImmutableList.of(), findings(fleet)); // A hold is no finding.
  }

  @Test
  void what_another_home_or_another_user_wrote_into_a_base_is_not_believed() {
    makeOrphan(new HomeId("00000000000000000000000000000001"), BaseDiskKind.SNAPSHOT, DAILY);
    assertEquals(
        new Remedy.DiscardOrphan(ORPHAN),
        assertOnlyAndLeft(fleet, Kind.FILE_WITHOUT_RECORD, ORPHAN).remedy());
    fleet.disks.remove(ORPHAN);
    makeOrphan(homeId(), BaseDiskKind.SNAPSHOT, DAILY);
    fleet.disks.setOwner(ORPHAN, 1000, 1000);
    assertOnlyAndLeft(fleet, Kind.FILE_WITHOUT_RECORD, ORPHAN);
  }

  @Test
  void a_second_name_of_a_disk_is_not_recorded_as_a_base() {
    fleet.disks.link(disk("web"), ORPHAN);
    Doctor.Report repair = fleet.useCases.doctor().repair(Doctor.Depth.METADATA);
    assertEquals(ImmutableList.of(), repair.repaired());
    assertTrue(
        repair.findings().stream()
            .anyMatch(
                f ->
                    f.file().equals(ORPHAN) && f.remedy().equals(new Remedy.DiscardOrphan(ORPHAN))),
        repair::toString);
  }

  @Test
  void a_base_under_an_unrecorded_box_is_recorded_and_a_collection_keeps_it() {
    fleet.disks.makeDisk(ORPHAN, 1 << 20);
    fleet.disks.makeDisk(disk("lost"), 1 << 20);
    backOnto(disk("lost"), ORPHAN);
    Doctor.Report repair = fleet.useCases.doctor().repair(Doctor.Depth.METADATA);
    assertEquals(1, repair.repaired().size(), repair::toString);
    assertEquals(1, repair.findings().size(), repair::toString);
    Finding left = repair.findings().get(0);
    assertEquals(Kind.BOX_WITHOUT_RECORD, left.kind());
    assertEquals(HOME.boxDirectory(box("lost")), left.file());
    assertEquals(new Remedy.DiscardOrphan(left.file()), left.remedy());
    assertTrue(left.detail().contains("disk.qcow2"), left::detail);
    gc();
    assertTrue(fleet.disks.status(ORPHAN).isPresent());
  }

  @Test
  void a_temporary_without_an_intent_is_left_wherever_it_is() {
    for (Path directory : ImmutableList.of(HOME.bases(), HOME.disksDirectory(box("web")))) {
      Path temporary = directory.resolve(".disk.qcow2.5.tmp");
      fleet.disks.writeBytes(temporary, new byte[0]);
      Finding finding = assertOnlyAndLeft(fleet, Kind.LEFTOVER_TEMPORARY, temporary);
      assertTrue(finding.remedy().isLossy());
      fleet.disks.remove(temporary);
    }
  }

  @Test
  void records_of_files_elsewhere_are_found_and_their_files_never_touched() {
    Path elsewhere = Path.of("/elsewhere/" + ID.fileName());
    Path doomed = Path.of("/elsewhere/doomed01.qcow2");
    fleet.disks.makeDisk(elsewhere, 1 << 20);
    fleet.disks.makeDisk(doomed, 1 << 20);
    fleet.store.change(
        tx -> {
          tx.bases()
              .insert(
                  new BaseDisk(
                      ID,
                      box("web"),
                      null,
                      BaseDiskKind.CLONE_BASE,
                      new DiskInfo(elsewhere, 1 << 20, 1),
                      null,
                      THEN));
          tx.pendingDeletes()
              .insert(new DeletingBase(new BaseDiskId("doomed01"), doomed, base.id()));
        });
    Doctor.Report repair = fleet.useCases.doctor().repair(Doctor.Depth.CONTENT);
    assertEquals(ImmutableList.of(doomed), repair.repaired().stream().map(Finding::file).toList());
    assertEquals(
        ImmutableList.of(elsewhere), repair.findings().stream().map(Finding::file).toList());
    assertEquals(Kind.RECORD_OUTSIDE, repair.findings().get(0).kind());
    assertTrue(fleet.disks.status(elsewhere).isPresent());
    assertTrue(fleet.disks.status(doomed).isPresent());
    gc();
    assertTrue(fleet.disks.status(elsewhere).isPresent());
    assertTrue(fleet.exists(base));
  }

  @Test
  void a_base_that_others_relabelled_is_left_as_it_is() {
    Path file = base.diskInfo().basePath();
    fleet.disks.setOwner(file, 107, 107);
    Finding finding = assertOnlyAndLeft(fleet, Kind.OWNER_DIFFERS, file);
    assertFalse(finding.remedy().isLossy());
    assertEquals(107, fleet.disks.status(file).orElseThrow().owner());
  }
}
