package io.basedisk.qcow2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.os.FileUserId;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.testing.Qemu;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Effects of a changed backing name on the bytes and attributes of the file. */
class HeaderPatchTest {

  private static final int USER = 61_234;
  private static final Path NAME = Path.of("/elsewhere/base.qcow2");
  private static final ByteSize SIZE = ByteSize.parse("1G");

  @TempDir Path scratch;

  private final DiskImages images = new Qcow2DiskImages();
  private Path disk;

  @BeforeEach
  void makeDisk() throws IOException {
    disk = scratch.toRealPath().resolve("disk.qcow2");
    images.createOverlay(disk, Path.of("/bases/base.qcow2"), ImageFormat.QCOW2, SIZE);
  }

  private long inode() throws IOException {
    return (Long) Files.getAttribute(disk, "unix:ino");
  }

  private void patch(HeaderPatch patch) throws IOException {
    images.patchHeader(disk, inode(), patch);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_modification_time_stays_to_the_nanosecond(boolean portable) throws IOException {
    Instant before = status().modifiedAt();
    DiskImages images =
        new Qcow2DiskImages(portable ? OperatingSystem.portable() : OperatingSystem.current());
    images.patchHeader(disk, inode(), images.planBackingName(disk, NAME));
    assertEquals(before, status().modifiedAt());
    assertEquals(NAME.toString(), images.readHeader(disk).backing().name());
  }

  @ParameterizedTest
  @ValueSource(ints = {0400, 0444, 0640, 02750})
  void the_permissions_of_a_read_only_file_stay(int mode) throws IOException {
    Files.setAttribute(disk, "unix:mode", mode);
    patch(images.planBackingName(disk, NAME));
    assertEquals(mode, status().mode());
  }

  private FileStatus status() throws IOException {
    return OperatingSystem.current().status(disk).orElseThrow();
  }

  @Test
  void only_the_name_and_its_size_change() throws IOException {
    byte[] before = Files.readAllBytes(disk);
    patch(images.planBackingName(disk, NAME));
    byte[] after = Files.readAllBytes(disk);
    int at = (int) ByteBuffer.wrap(before).getLong(8);
    for (int i = 0; i < before.length; i++) {
      boolean mayChange = (i >= 16 && i < 20) || (i >= at && i < at + 1023);
      assertTrue(mayChange || before[i] == after[i], "byte " + i);
    }
    assertEquals(before.length, after.length);
  }

  @Test
  void a_shorter_name_leaves_zeros_behind_it() throws IOException {
    byte[] before = Files.readAllBytes(disk);
    int at = (int) ByteBuffer.wrap(before).getLong(8);
    patch(images.planBackingName(disk, Path.of("/b")));
    byte[] after = Files.readAllBytes(disk);
    assertEquals('b', after[at + 1]);
    for (int i = at + 2; i < at + 100; i++) {
      assertEquals(0, after[i], "byte " + i);
    }
  }

  @Test
  void a_name_that_would_overwrite_other_bytes_is_refused() throws IOException {
    int end =
        (int) ByteBuffer.wrap(Files.readAllBytes(disk)).getLong(8) + "/bases/base.qcow2".length();
    try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1}), end + 10);
    }
    Path fits = Path.of("/" + "x".repeat("bases/base.qcow2".length() + 10));
    assertFalse(images.planBackingName(disk, fits).isEmpty());
    assertThrows(RefusedException.class, () -> images.planBackingName(disk, Path.of(fits + "x")));
  }

  @Test
  @Tag("oracle")
  void a_name_that_leaves_the_first_cluster_is_refused() throws IOException {
    Qemu.assumeInstalled();
    Files.delete(disk);
    Qemu.img(
        "create",
        "-q",
        "-f",
        "qcow2",
        "-u",
        "-b",
        "/b",
        "-F",
        "qcow2",
        "-o",
        "cluster_size=512",
        disk,
        "1M");
    int at = (int) ByteBuffer.wrap(Files.readAllBytes(disk)).getLong(8);
    Path fits = Path.of("/" + "x".repeat(512 - at - 1));
    String digest = images.digest(disk, Progress.NONE);
    patch(images.planBackingName(disk, fits));
    assertEquals(new BackingFile(fits.toString(), "qcow2"), images.readHeader(disk).backing());
    assertEquals(digest, images.digest(disk, Progress.NONE));
    assertThrows(RefusedException.class, () -> images.planBackingName(disk, Path.of(fits + "x")));
  }

  @Test
  void a_torn_header_is_repaired_by_the_patch_or_its_reverse() throws IOException {
    byte[] before = Files.readAllBytes(disk);
    HeaderPatch patch = images.planBackingName(disk, NAME);
    patch(patch);
    byte[] after = Files.readAllBytes(disk);
    int length = HexFormat.of().parseHex(patch.after()).length;
    for (int torn = 0; torn <= length; torn += 7) {
      byte[] mixed = before.clone();
      System.arraycopy(after, patch.offset(), mixed, patch.offset(), torn);
      Files.write(disk, mixed);
      patch(patch);
      assertEquals(-1, Arrays.mismatch(after, Files.readAllBytes(disk)));
      Files.write(disk, mixed);
      patch(patch.reversed());
      assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(disk)));
    }
  }

  @Test
  void a_header_that_is_no_image_at_all_is_patched() throws IOException {
    HeaderPatch patch = images.planBackingName(disk, NAME);
    Files.write(disk, new byte[1 << 16]);
    patch(patch);
    byte[] expected = HexFormat.of().parseHex(patch.after());
    byte[] content = Files.readAllBytes(disk);
    assertEquals(
        -1,
        Arrays.mismatch(
            expected,
            0,
            expected.length,
            content,
            patch.offset(),
            patch.offset() + expected.length));
  }

  @Test
  void a_symbolic_link_is_not_followed() throws IOException {
    HeaderPatch patch = images.planBackingName(disk, NAME);
    Path link = Files.createSymbolicLink(scratch.toRealPath().resolve("link"), disk);
    byte[] before = Files.readAllBytes(disk);
    assertThrows(BaseDiskException.class, () -> images.patchHeader(link, inode(), patch));
    assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(disk)));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void an_owner_who_is_not_root_patches_a_read_only_file() throws IOException {
    assumeTrue(System.getProperty("user.name").equals("root"), "other users take root");
    Files.setAttribute(scratch, "unix:mode", 0711);
    Files.setAttribute(disk, "unix:mode", 0440);
    Instant before = status().modifiedAt();
    HeaderPatch patch = images.planBackingName(disk, NAME);
    patch(patch);
    patch(patch.reversed());
    Files.setAttribute(disk, "unix:uid", USER);
    long inode = inode();
    // Of another user's file, so that all classes for a refusal are loaded.
    FileUserId.run(
        USER + 1,
        () -> assertThrows(StorageException.class, () -> images.patchHeader(disk, inode, patch)));

    FileUserId.run(USER, () -> images.patchHeader(disk, inode, patch));

    assertEquals(NAME.toString(), images.readHeader(disk).backing().name());
    assertEquals(0440, status().mode());
    assertEquals(before, status().modifiedAt());
  }
}
