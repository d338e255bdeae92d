package io.basedisk.oci.boxlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.tar.Tars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives with one disk, made by hand from what is known of each version. */
class BoxliteArchiveTest {

  private static final byte[] DISK = Archives.DISK;
  private static final String CHECKSUM = "sha256:" + Archives.hex(DISK);

  @TempDir Path directory;
  @TempDir Path temporaries;

  @Test
  void version_1_is_a_plain_tar_without_checksums() throws IOException {
    Tars tar = new Tars().file("manifest.json", Archives.manifest(1, "")).file("disk.qcow2", DISK);

    try (BoxliteDisk disk = open(tar.bytes(), DISK.length)) {
      assertEquals(1, disk.version());
      assertFalse(disk.isVerified());
      assertArrayEquals(DISK, Files.readAllBytes(disk.file()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void later_versions_are_compressed_and_have_checksums(int version) throws IOException {
    Tars tar =
        new Tars()
            .file("manifest.json", Archives.manifest(version, CHECKSUM))
            .file("disk.qcow2", DISK);

    try (BoxliteDisk disk = open(Zstd.compress(tar.bytes()), DISK.length)) {
      assertEquals(version, disk.version());
      assertTrue(disk.isVerified());
      assertEquals(Optional.of("web-1"), disk.boxName());
      assertEquals(ImageFormat.QCOW2, disk.format());
      assertArrayEquals(DISK, Files.readAllBytes(disk.file()));
    }
    assertNothingLeft();
  }

  @Test
  void the_disk_is_private() throws IOException {
    Tars tar = new Tars().file("manifest.json", Archives.manifest(1, "")).file("disk.qcow2", DISK);

    try (BoxliteDisk disk = open(tar.bytes(), DISK.length)) {
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(disk.file().getParent())));
    }
  }

  @Test
  void the_manifest_may_come_last() throws IOException {
    Tars tar =
        new Tars()
            .directory("./")
            .file("./disk.qcow2", DISK)
            .file("./manifest.json", Archives.manifest(2, CHECKSUM));

    try (BoxliteDisk disk = open(tar.bytes(), DISK.length)) {
      assertArrayEquals(DISK, Files.readAllBytes(disk.file()));
    }
  }

  @Test
  void a_box_may_have_no_name_and_a_manifest_no_checksum() throws IOException {
    Tars tar =
        new Tars()
            .file("manifest.json", "{\"version\":2,\"box_name\":null,\"image\":\"x\"}")
            .file("disk.qcow2", DISK);

    try (BoxliteDisk disk = open(tar.bytes(), DISK.length)) {
      assertEquals(Optional.empty(), disk.boxName());
      assertFalse(disk.isVerified());
    }
  }

  @Test
  void the_rootfs_of_the_guest_is_ignored() throws IOException {
    Tars tar =
        new Tars()
            .file("guest-rootfs.qcow2", new byte[100_000])
            .file("manifest.json", Archives.manifest(2, CHECKSUM))
            .file("disk.qcow2", DISK);

    try (BoxliteDisk disk = open(tar.bytes(), DISK.length)) {
      assertEquals(1, disk.file().getParent().toFile().list().length);
    }
  }

  @Test
  void a_sparse_disk_is_as_it_was() throws IOException {
    byte[] data = new byte[8192];
    System.arraycopy(DISK, 0, data, 0, 4096);
    System.arraycopy(DISK, 200_000, data, 4096, 4096);
    byte[] whole = new byte[1 << 20];
    System.arraycopy(data, 0, whole, 0, 4096);
    System.arraycopy(data, 4096, whole, 524_288, 4096);
    Tars tar =
        new Tars()
            .file("manifest.json", Archives.manifest(2, "sha256:" + Archives.hex(whole)))
            .sparse("disk.qcow2", 1 << 20, data, 0, 4096, 524_288, 4096, 1 << 20, 0);

    try (BoxliteDisk disk = open(Zstd.compress(tar.bytes()), 1 << 20)) {
      assertArrayEquals(whole, Files.readAllBytes(disk.file()));
    }
  }

  @Test
  void a_long_name_and_an_extended_header_are_understood() throws IOException {
    Tars tar =
        new Tars()
            .file("a".repeat(300), new byte[5])
            .extended("mtime", "1.5")
            .file("manifest.json", Archives.manifest(1, ""))
            .extended("path", "disk.qcow2")
            .file("another-name", DISK);

    try (BoxliteDisk disk = open(tar.bytes(), DISK.length)) {
      assertArrayEquals(DISK, Files.readAllBytes(disk.file()));
    }
  }

  @Test
  void a_disk_larger_than_the_limit_is_refused_with_its_size() throws IOException {
    Tars tar = new Tars().file("disk.qcow2", DISK).file("manifest.json", Archives.manifest(1, ""));

    RefusedException refused =
        assertThrows(RefusedException.class, () -> open(tar.bytes(), DISK.length - 1));

    assertEquals(Optional.of(new Remedy.RaiseLimit(DISK.length)), refused.remedy());
    assertNothingLeft();
  }

  @Test
  void an_archive_that_does_not_exist_is_not_found() throws IOException {
    Path missing = directory.resolve("missing.boxlite");
    assertThrows(
        NotFoundException.class, () -> BoxliteArchive.open(missing, 1, temporaries, Progress.NONE));
    assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 0.5, 0.9, 0.999})
  void an_archive_that_is_cut_off_is_refused(double part) throws IOException {
    byte[] whole =
        Zstd.compress(
            new Tars()
                .file("manifest.json", Archives.manifest(1, ""))
                .file("disk.qcow2", DISK)
                .bytes());
    byte[] half = Arrays.copyOf(whole, (int) (whole.length * part));

    String message =
        assertThrows(InvalidImageException.class, () -> open(half, DISK.length)).getMessage();

    assertTrue(message.contains("cut off") || message.contains("not valid"), message);
    assertNothingLeft();
  }

  @Test
  void an_interrupt_ends_the_reading_and_leaves_nothing() throws IOException {
    Tars tar = new Tars().file("disk.qcow2", DISK).file("manifest.json", Archives.manifest(1, ""));
    Path file = Files.write(directory.resolve("box.boxlite"), tar.bytes());
    Progress interrupt = (done, total) -> Thread.currentThread().interrupt();

    assertThrows(
        InterruptedOperationException.class,
        () -> BoxliteArchive.open(file, DISK.length, temporaries, interrupt));

    assertTrue(Thread.interrupted(), "the interrupt is pending");
    assertNothingLeft();
  }

  @Test
  void an_archive_is_told_from_a_layout() throws IOException {
    byte[] plain = new Tars().directory("layers").file("manifest.json", "{}").bytes();
    byte[] layout = new Tars().directory("blobs").file("./oci-layout", "{}").bytes();
    byte[] other = new Tars().file("blobs/sha256/00", "x").file("index.json", "{}").bytes();

    assertTrue(isOne(plain));
    assertTrue(isOne(Zstd.compress(plain)));
    assertFalse(isOne(layout));
    assertFalse(isOne(other));
    assertFalse(isOne(DISK));
    assertFalse(isOne(new byte[0]));
  }

  private boolean isOne(byte[] archive) throws IOException {
    return BoxliteArchive.isOne(Files.write(directory.resolve("box.boxlite"), archive));
  }

  private BoxliteDisk open(byte[] archive, long maxBytes) throws IOException {
    Path file = Files.write(directory.resolve("box.boxlite"), archive);
    return assertInstanceOf(
        BoxliteDisk.class, BoxliteArchive.open(file, maxBytes, temporaries, Progress.NONE));
  }

  private void assertNothingLeft() {
    assertEquals(0, temporaries.toFile().list().length);
  }
}
