package io.basedisk.domain.which;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.which.RecordedFile.Way;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The look-up of files by path and by inode. */
final class RecordedFilesTest {

  private static final Path ELSEWHERE = Path.of("/elsewhere");

  private final Fleet fleet = new Fleet();
  private BaseDisk base;

  @BeforeEach
  void makeBoxOnBase() {
    fleet.create("web", "db");
    base = fleet.fork("web");
    fleet.disks.withDirectory(ELSEWHERE);
  }

  private RecordedFile get(Path file) {
    return fleet.useCases.recordedFiles().get(file);
  }

  private static RecordedFile webDisk(Way way) {
    return new RecordedFile.OfBox(box("web"), DiskSlot.CONTAINER, disk("web"), way);
  }

  private RecordedFile baseFile(Way way) {
    return new RecordedFile.OfBase(base.id(), HOME.baseFile(base.id()), way);
  }

  private String refusal(Path file) {
    return assertThrows(NotFoundException.class, () -> get(file)).getMessage();
  }

  @Test
  void a_disk_and_a_base_are_found_by_their_paths() {
    assertEquals(webDisk(Way.RECORDED_PATH), get(disk("web")));
    assertEquals(baseFile(Way.RECORDED_PATH), get(HOME.baseFile(base.id())));
    fleet.attachGuestRootfs("web", base);
    assertEquals(
        new RecordedFile.OfBox(
            box("web"), DiskSlot.GUEST_ROOTFS, Fleet.guestRootfs("web"), Way.RECORDED_PATH),
        get(Fleet.guestRootfs("web")));
  }

  @Test
  void a_recorded_disk_that_is_missing_is_found() {
    fleet.disks.remove(disk("web"));

    assertEquals(webDisk(Way.RECORDED_PATH), get(disk("web")));
  }

  @Test
  void a_symbolic_link_leads_to_its_target() {
    fleet.disks.symlink(ELSEWHERE.resolve("link"), disk("web"));
    fleet.disks.symlink(ELSEWHERE.resolve("base"), HOME.baseFile(base.id()));

    assertEquals(webDisk(Way.SYMBOLIC_LINK), get(ELSEWHERE.resolve("link")));
    assertEquals(baseFile(Way.SYMBOLIC_LINK), get(ELSEWHERE.resolve("base")));
  }

  @Test
  void a_hard_link_is_found_by_its_inode() {
    assertTrue(fleet.disks.link(disk("web"), ELSEWHERE.resolve("disk")));
    assertTrue(fleet.disks.link(HOME.baseFile(base.id()), ELSEWHERE.resolve("base")));
    fleet.disks.symlink(ELSEWHERE.resolve("link"), ELSEWHERE.resolve("disk"));

    assertEquals(webDisk(Way.OTHER_NAME), get(ELSEWHERE.resolve("disk")));
    assertEquals(baseFile(Way.OTHER_NAME), get(ELSEWHERE.resolve("base")));
    assertEquals(webDisk(Way.SYMBOLIC_LINK), get(ELSEWHERE.resolve("link")));
  }

  @Test
  void a_renamed_box_is_found_by_its_directory() {
    fleet.useCases.boxes().rename(box("web"), box("api"));

    assertEquals(
        new RecordedFile.OfBox(box("api"), DiskSlot.CONTAINER, disk("web"), Way.RECORDED_PATH),
        get(disk("web")));
  }

  @Test
  void a_file_without_a_record_is_described() {
    fleet.disks.makeDisk(ELSEWHERE.resolve("image"), 1 << 20);
    fleet.disks.writeBytes(ELSEWHERE.resolve("text"), new byte[1]);
    fleet.disks.symlink(ELSEWHERE.resolve("link"), ELSEWHERE.resolve("image"));
    fleet.disks.symlink(ELSEWHERE.resolve("nowhere"), ELSEWHERE.resolve("nothing"));
    fleet.disks.makeFifo(ELSEWHERE.resolve("fifo"));
    fleet.disks.makeDisk(HOME.baseFile(new BaseDiskId("orphan01")), 512);

    assertTrue(refusal(ELSEWHERE.resolve("image")).contains("is a qcow2 image outside the home"));
    assertTrue(refusal(ELSEWHERE.resolve("text")).contains("is a file, and no readable qcow2"));
    assertTrue(
        refusal(ELSEWHERE.resolve("link"))
            .contains("is a symbolic link to /elsewhere/image, which is a qcow2 image"));
    assertTrue(refusal(ELSEWHERE.resolve("nowhere")).contains("a file that does not exist"));
    assertTrue(refusal(ELSEWHERE.resolve("fifo")).contains("is a FIFO"));
    assertTrue(refusal(ELSEWHERE).contains("is a directory outside"));
    assertTrue(refusal(ELSEWHERE.resolve("nothing")).contains("no such file"));
    assertTrue(refusal(HOME.bases()).contains("is a directory in the home"));
    assertTrue(
        refusal(HOME.bases().resolve("orphan01.qcow2")).contains("in the home, and no record"));
  }
}
