package io.basedisk.domain.doctor;

import static io.basedisk.domain.testing.Examined.assertMended;
import static io.basedisk.domain.testing.Examined.assertOnlyAndLeft;
import static io.basedisk.domain.testing.Examined.findings;
import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Headers that name unrecorded files: a repair records them only if that gives no user access to
 * files that the user could not read.
 */
final class ForeignChainsTest {

  private static final Path GOLDEN = Path.of("/images/golden.qcow2");
  private static final Path RAW = Path.of("/images/golden.raw");
  private static final int TENANT = 1000;

  private final Fleet fleet = new Fleet();

  @BeforeEach
  void aBoxOfATenant() {
    fleet.create("web");
    fleet.disks.setOwner(disk("web"), TENANT, TENANT);
    fleet.disks.makeDisk(GOLDEN, 1 << 20);
    fleet.disks.writeBytes(RAW, new byte[1_000_003]);
    fleet.disks.setMode(GOLDEN, 0644);
    fleet.disks.setMode(RAW, 0644);
  }

  private void backOnto(Path image, Path backing, String format) {
    fleet.disks.alterHeader(
        image,
        h ->
            new ImageHeader(
                3,
                h.virtualSize(),
                new BackingFile(backing.toString(), format),
                false,
                false,
                0,
                0));
  }

  private BaseDisk recordedAt(Path file) {
    return fleet.store.read(view -> view.bases().findByPath(file)).orElseThrow();
  }

  private ImmutableList<Reference> references(String box) {
    return fleet.store.read(view -> view.references().listOf(box(box)));
  }

  @Test
  void the_files_below_a_disk_are_recorded_with_their_formats() {
    backOnto(disk("web"), GOLDEN, "qcow2");
    backOnto(GOLDEN, RAW, "raw");
    assertMended(fleet, Kind.BACKS_ONTO_UNRECORDED, Kind.REFERENCE_DIFFERS);
    BaseDisk golden = recordedAt(GOLDEN);
    BaseDisk raw = recordedAt(RAW);
    assertTrue(golden.diskInfo().isForeign());
    assertEquals(ImageFormat.RAW, raw.diskInfo().format());
    assertEquals(1_000_448, raw.diskInfo().containerDiskBytes());
    assertEquals(1_000_003, raw.diskInfo().sizeBytes());
    assertEquals(raw.id(), golden.parentId());
    assertEquals(
        ImmutableList.of(new Reference(golden.id(), box("web"), DiskSlot.CONTAINER)),
        references("web"));

    assertEquals(ImmutableList.of(), fleet.useCases.doctor().examine(Depth.CONTENT).findings());
    assertEquals(ImmutableList.of(), fleet.useCases.doctor().examine(Depth.CONTENT).findings());
    fleet.disks.alterSecretly(GOLDEN); // Without content, nothing changes.
    fleet.disks.writeBytes(RAW, new byte[512]);
    assertEquals(Kind.BASE_CHANGED, findings(fleet).get(0).kind());
    fleet.useCases.garbageCollection().collect(new GarbageCollection.Scope(true, null));
    assertTrue(fleet.disks.status(GOLDEN).isPresent());
  }

  @Test
  void an_older_store_that_records_the_foreign_bases_agrees_with_the_files() {
    backOnto(disk("web"), GOLDEN, "qcow2");
    fleet.useCases.doctor().repair(Depth.METADATA);
    InMemoryBaseDiskStore older = fleet.store.copy();
    fleet.useCases.doctor().examine(Depth.CONTENT); // Only a digest is newer.
    Fleet home = new Fleet(fleet.disks, older, fleet.stamp);
    home.useCases.recover();
    assertTrue(home.useCases.gate().problem().isPresent());
    home.useCases.gate().requireChangeable();
    assertTrue(home.useCases.gate().problem().isEmpty());
  }

  @Test
  void what_a_disk_names_without_a_format_is_not_taken_as_raw() {
    backOnto(disk("web"), RAW, null);
    assertTrue(assertOnlyAndLeft(fleet, Kind.IMAGE_INVALID, disk("web")).remedy().isLossy());
  }

  @Test
  void a_file_that_the_owner_of_the_disk_can_not_read_is_left_and_its_owner_named() {
    fleet.disks.setMode(RAW, 0600);
    backOnto(disk("web"), RAW, "raw");
    Finding finding = assertOnlyAndLeft(fleet, Kind.BACKS_ONTO_UNRECORDED, disk("web"));
    assertTrue(finding.remedy().isLossy());
    assertTrue(finding.detail().contains(RAW + " belongs to user 0"), finding::detail);

    fleet.disks.setOwner(RAW, 0, TENANT);
    fleet.disks.setMode(RAW, 0640);
    assertMended(fleet, Kind.BACKS_ONTO_UNRECORDED, Kind.REFERENCE_DIFFERS);
  }

  @Test
  void a_readable_file_in_a_directory_that_others_can_not_search_is_left() {
    fleet.disks.setMode(RAW.getParent(), 0700);
    backOnto(disk("web"), RAW, "raw");
    assertOnlyAndLeft(fleet, Kind.BACKS_ONTO_UNRECORDED, disk("web"));
  }

  @Test
  void a_disk_of_root_may_name_everything_unless_others_can_write_to_it() {
    fleet.disks.setMode(RAW, 0600);
    backOnto(disk("web"), RAW, "raw");
    fleet.disks.setOwner(disk("web"), 0, TENANT);
    fleet.disks.setMode(disk("web"), 0660);
    assertOnlyAndLeft(fleet, Kind.BACKS_ONTO_UNRECORDED, disk("web"));
    fleet.disks.setMode(disk("web"), 0600);
    assertMended(fleet, Kind.BACKS_ONTO_UNRECORDED, Kind.REFERENCE_DIFFERS);
  }

  @Test
  void one_file_of_a_chain_that_can_not_be_read_keeps_all_of_it_unrecorded() {
    fleet.disks.setMode(RAW, 0600);
    backOnto(disk("web"), GOLDEN, "qcow2");
    backOnto(GOLDEN, RAW, "raw");
    assertOnlyAndLeft(fleet, Kind.BACKS_ONTO_UNRECORDED, disk("web"));
    assertTrue(fleet.store.read(view -> view.bases().findByPath(GOLDEN)).isEmpty());
  }

  @Test
  void another_boxs_disk_is_never_recorded_as_a_base() {
    fleet.create("victim");
    fleet.disks.setMode(disk("victim"), 0666);
    backOnto(disk("web"), disk("victim"), "qcow2");
    Finding finding = assertOnlyAndLeft(fleet, Kind.BACKS_ONTO_UNRECORDED, disk("web"));
    assertTrue(finding.detail().contains("disk of box victim"), finding::detail);
  }

  @Test
  void a_base_of_a_landed_home_on_a_file_outside_gets_it_as_its_parent() {
    BaseDisk base = fleet.fork("web");
    backOnto(base.diskInfo().basePath(), GOLDEN, "qcow2");
    Instant modifiedAt = fleet.disks.status(base.diskInfo().basePath()).orElseThrow().modifiedAt();
    fleet.store.change(
        tx -> tx.bases().putFingerprint(base.id(), new BaseFingerprint(modifiedAt, null)));
    assertMended(fleet, Kind.BACKS_ONTO_UNRECORDED, Kind.PARENT_DIFFERS);
    assertEquals(recordedAt(GOLDEN).id(), fleet.find(base).orElseThrow().parentId());
  }

  // Bases of the home that a header names.

  private BaseDisk victimsBase() {
    fleet.create("victim");
    fleet.disks.setOwner(disk("victim"), 2000, 2000);
    fleet.write("victim", 1, "secret");
    return fleet.fork("victim");
  }

  @Test
  void a_base_of_another_box_that_a_tenant_wrote_into_its_header_is_left() {
    BaseDisk victims = victimsBase();
    BaseDisk own = fleet.fork("web");
    backOnto(disk("web"), victims.diskInfo().basePath(), "qcow2");
    Finding finding = assertOnlyAndLeft(fleet, Kind.REFERENCE_DIFFERS, disk("web"));
    assertTrue(finding.remedy().isLossy());
    assertTrue(finding.detail().contains("user " + TENANT), finding::detail);
    assertEquals(own.id(), references("web").get(0).base());
  }

  @Test
  void a_base_of_another_box_above_a_common_one_is_left_too() {
    fleet.addRootfs("debian", fleet.image("debian.qcow2", "debian"));
    fleet.createOnRootfs("tenant", "debian");
    fleet.createOnRootfs("victim", "debian");
    fleet.disks.setOwner(disk("tenant"), TENANT, TENANT);
    fleet.disks.setOwner(disk("victim"), 2000, 2000);
    fleet.write("victim", 1, "secret");
    BaseDisk victims = fleet.fork("victim");
    backOnto(disk("tenant"), victims.diskInfo().basePath(), "qcow2");
    assertTrue(assertOnlyAndLeft(fleet, Kind.REFERENCE_DIFFERS, disk("tenant")).remedy().isLossy());
  }

  @Test
  void a_base_below_the_recorded_one_and_one_that_was_made_of_the_box_are_recorded() {
    fleet.disks.setMode(HOME.bases(), 0711);
    BaseDisk first = fleet.fork("web");
    fleet.write("web", 2, "second");
    BaseDisk second = fleet.fork("web");
    backOnto(disk("web"), first.diskInfo().basePath(), "qcow2");
    assertMended(fleet, Kind.REFERENCE_DIFFERS);
    assertEquals(first.id(), references("web").get(0).base());
    assertFalse(fleet.find(second).isEmpty()); // It waits to be collected.
    backOnto(disk("web"), second.diskInfo().basePath(), "qcow2");
    assertMended(fleet, Kind.REFERENCE_DIFFERS);
    assertEquals(second.id(), references("web").get(0).base());
  }

  @Test
  void a_base_that_the_tenant_can_read_is_recorded() {
    BaseDisk victims = victimsBase();
    fleet.disks.setMode(victims.diskInfo().basePath(), 0444);
    backOnto(disk("web"), victims.diskInfo().basePath(), "qcow2");
    assertMended(fleet, Kind.REFERENCE_DIFFERS);
    assertEquals(victims.id(), references("web").get(0).base());
  }
}
