package io.basedisk.qcow2.file;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.ImageLocks.Guard;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.testing.Qemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Image locks together with real QEMU processes. */
@Tag("oracle")
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
class FileImageLocksQemuTest {

  private static final int STARTS = 50;

  private final ImageLocks imageLocks =
      new FileImageLocks(OperatingSystem.current(), UnknownUsePolicy.KEEP);

  @TempDir Path scratch;

  private Path disk;
  private Path overlay;

  @BeforeEach
  void makeDisks() throws IOException {
    Qemu.assumeInstalled();
    Path directory = scratch.toRealPath();
    disk = directory.resolve("disk.qcow2");
    overlay = directory.resolve("overlay.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", disk, "8M");
    Qemu.img("create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", disk, overlay);
  }

  private QemuNbd writing(Path image) throws Exception {
    return QemuNbd.writing(scratch, image);
  }

  private QemuNbd reading(Path image) throws Exception {
    return QemuNbd.reading(scratch, image);
  }

  private QemuNbd writingWithoutLocks(Path image) throws Exception {
    return QemuNbd.writingWithoutLocks(scratch, image);
  }

  private void assertRefused(QemuNbd qemu, Runnable step) {
    RefusedException refusal = assertThrows(RefusedException.class, step::run);
    assertEquals(disk + " is open for writing in " + qemu.name(), refusal.getMessage());
  }

  // A guard after QEMU.

  @Test
  void a_disk_of_a_running_vm_can_not_be_guarded() throws Exception {
    try (QemuNbd qemu = writing(disk)) {
      assertRefused(qemu, () -> imageLocks.guard(disk));
    }
  }

  @Test
  void a_disk_of_a_running_vm_without_locks_can_not_be_guarded() throws Exception {
    try (QemuNbd qemu = writingWithoutLocks(disk)) {
      assertRefused(qemu, () -> imageLocks.guard(disk));
    }
  }

  @Test
  void a_disk_that_a_vm_has_as_backing_file_can_be_guarded() throws Exception {
    try (QemuNbd qemu = writing(overlay)) {
      assertTrue(qemu.runs());
      assertDoesNotThrow(() -> imageLocks.guard(disk).close());
    }
  }

  @Test
  void a_disk_can_be_guarded_once_its_vm_has_ended() throws Exception {
    writing(disk).close();
    assertDoesNotThrow(() -> imageLocks.guard(disk).close());
  }

  // QEMU after a guard.

  @Test
  void a_vm_does_not_start_on_a_guarded_disk() throws Exception {
    try (Guard guard = imageLocks.guard(disk);
        QemuNbd qemu = writing(disk)) {
      String failure = qemu.failure();
      assertTrue(failure.contains("Failed to get \"write\" lock"), failure);
      assertDoesNotThrow(guard::checkNoWriter);
    }
  }

  @Test
  void a_vm_that_tries_to_start_on_a_guarded_disk_leaves_it_as_it_is() throws Exception {
    byte[] before = Files.readAllBytes(disk);
    try (Guard guard = imageLocks.guard(disk);
        QemuNbd qemu = writing(disk)) {
      qemu.failure();
    }
    assertArrayEquals(before, Files.readAllBytes(disk));
  }

  @Test
  void a_vm_starts_once_the_guard_is_closed() throws Exception {
    imageLocks.guard(disk).close();
    try (QemuNbd qemu = writing(disk)) {
      assertTrue(qemu.runs());
    }
  }

  @Test
  void a_vm_that_reads_a_guarded_disk_starts() throws Exception {
    try (Guard guard = imageLocks.guard(disk);
        QemuNbd qemu = reading(disk)) {
      assertTrue(qemu.runs());
      assertDoesNotThrow(guard::checkNoWriter);
    }
  }

  @Test
  void a_vm_starts_on_an_overlay_of_a_guarded_disk() throws Exception {
    try (Guard guard = imageLocks.guard(disk);
        QemuNbd qemu = writing(overlay)) {
      assertTrue(qemu.runs());
      assertDoesNotThrow(guard::checkNoWriter);
    }
  }

  @Test
  void a_vm_without_locks_that_started_on_a_guarded_disk_is_found() throws Exception {
    try (Guard guard = imageLocks.guard(disk);
        QemuNbd qemu = writingWithoutLocks(disk)) {
      assertTrue(qemu.runs());
      assertRefused(qemu, guard::checkNoWriter);
    }
  }

  @Test
  void a_vm_without_locks_is_found_after_the_disk_has_lost_its_name() throws Exception {
    try (Guard guard = imageLocks.guard(disk);
        QemuNbd qemu = writingWithoutLocks(disk)) {
      Files.move(disk, disk.resolveSibling("base.qcow2"));
      Files.copy(overlay, disk);
      assertRefused(qemu, guard::checkNoWriter);
    }
  }

  @Test
  void a_vm_starts_on_the_overlay_that_took_the_name_of_a_guarded_disk() throws Exception {
    Path base = disk.resolveSibling("base.qcow2");
    try (Guard guard = imageLocks.guard(disk)) {
      Files.createLink(base, disk);
      Qemu.img("create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", base, overlay);
      Files.move(overlay, disk, StandardCopyOption.ATOMIC_MOVE);
      try (QemuNbd qemu = writing(disk)) {
        assertTrue(qemu.runs());
        assertDoesNotThrow(guard::checkNoWriter);
      }
    }
  }

  // Queries.

  @Test
  void the_backing_file_of_a_running_vm_is_open_until_that_ends() throws Exception {
    try (QemuNbd qemu = writing(overlay)) {
      assertEquals(Optional.of("open in " + qemu.name()), imageLocks.openedBy(disk));
    }
    assertEquals(Optional.empty(), imageLocks.openedBy(disk));
  }

  @Test
  void the_backing_file_of_a_running_vm_is_not_written_to() throws Exception {
    try (QemuNbd qemu = writing(overlay)) {
      assertTrue(qemu.runs());
      assertEquals(Optional.empty(), imageLocks.writtenBy(disk));
    }
  }

  @Test
  void the_disk_of_a_running_vm_is_written_to() throws Exception {
    try (QemuNbd qemu = writing(overlay)) {
      assertEquals(
          Optional.of("open for writing in " + qemu.name()), imageLocks.writtenBy(overlay));
    }
  }

  @Test
  void the_disk_of_a_running_vm_without_locks_is_written_to() throws Exception {
    try (QemuNbd qemu = writingWithoutLocks(overlay)) {
      assertEquals(
          Optional.of("open for writing in " + qemu.name()), imageLocks.writtenBy(overlay));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void queries_keep_no_vm_from_starting(boolean whoHasItOpen) throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    AtomicLong times = new AtomicLong();
    Thread asking =
        new Thread(
            () -> {
              while (!enough.get()) {
                if (whoHasItOpen) {
                  imageLocks.openedBy(disk);
                  imageLocks.openedBy(overlay);
                } else {
                  imageLocks.writtenBy(disk);
                  imageLocks.writtenBy(overlay);
                }
                times.incrementAndGet();
              }
            });
    asking.start();
    try {
      for (int i = 0; i < STARTS || (times.get() <= STARTS && asking.isAlive()); i++) {
        Qemu.io(overlay, ImmutableList.of("write -P 7 0 64k", "read 1M 64k"));
      }
    } finally {
      enough.set(true);
      asking.join();
    }
    assertAll(() -> assertTrue(times.get() > STARTS, times::toString), () -> Qemu.check(overlay));
  }
}
