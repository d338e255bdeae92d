package io.basedisk.oci.boxlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdInputStream;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.archive.ArchiveTarget;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that we write, read by what is known of version 2. */
class BoxliteWriterTest {

  private static final byte[] DISK = Archives.DISK;
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

  @TempDir Path directory;
  private Path image;

  @BeforeEach
  void writeImage() throws IOException {
    image = Files.write(directory.resolve("flat.qcow2"), DISK);
  }

  @Test
  void a_reader_of_version_2_finds_what_it_wants() throws IOException {
    Map<String, byte[]> members = membersOf(write());

    assertEquals(List.of("manifest.json", "disk.qcow2"), List.copyOf(members.keySet()));
    assertArrayEquals(DISK, members.get("disk.qcow2"));
    assertEquals(
        "{\"box_name\":\"web-1\",\"container_disk_checksum\":\"sha256:"
            + Archives.hex(DISK)
            + "\",\"exported_at\":\"2026-01-02T03:04:05Z\",\"guest_disk_checksum\":\"\","
            + "\"image\":\"alpine:latest\",\"version\":2}",
        new String(members.get("manifest.json"), UTF_8));
  }

  @Test
  void our_reader_finds_it_verified() throws IOException {
    Path archive = directory.resolve("box.boxlite");
    try (ArchiveTarget target = ArchiveTarget.of(archive)) {
      BoxliteWriter.write(export(image), target, Progress.NONE);
    }
    try (BoxliteArchive read =
        BoxliteArchive.open(archive, DISK.length, directory, Progress.NONE)) {
      assertEquals(Optional.of("web-1"), read.boxName());
      assertTrue(((BoxliteDisk) read).isVerified());
    }
  }

  @Test
  void two_exports_have_the_same_bytes() {
    assertArrayEquals(write(), write());
  }

  @Test
  void members_say_nothing_of_this_machine() throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ZstdInputStream(new ByteArrayInputStream(write())))) {
      for (TarArchiveEntry each = tar.getNextEntry(); each != null; each = tar.getNextEntry()) {
        assertEquals(0, each.getLongUserId());
        assertEquals("", each.getUserName());
        assertEquals(0, each.getLastModifiedTime().toMillis());
      }
    }
  }

  @Test
  void an_image_with_a_backing_file_is_refused() throws IOException {
    byte[] overlay = DISK.clone();
    overlay[14] = 2;
    Files.write(image, overlay);
    assertRefused("it has a backing file");
  }

  @Test
  void a_raw_image_is_refused() throws IOException {
    Files.write(image, new byte[100]);
    assertRefused("it is no qcow2 image");
  }

  @Test
  void an_image_that_changes_during_the_export_leaves_no_archive() {
    Path archive = directory.resolve("box.boxlite");
    Progress change =
        (done, total) -> {
          if (done == total / 2) {
            byte[] changed = DISK.clone();
            changed[100_000]++;
            write(image, changed);
          }
        };
    try (ArchiveTarget target = ArchiveTarget.of(archive)) {
      assertThrows(
          StorageException.class, () -> BoxliteWriter.write(export(image), target, change));
    }
    assertEquals(List.of("flat.qcow2"), List.of(directory.toFile().list()));
  }

  @Test
  void a_file_that_exists_is_left_alone() throws IOException {
    Path archive = Files.writeString(directory.resolve("box.boxlite"), "mine");
    assertThrows(AlreadyExistsException.class, () -> ArchiveTarget.of(archive));
    assertEquals("mine", Files.readString(archive));
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertRefused(String reason) {
    String message = assertThrows(InvalidImageException.class, this::write).getMessage();
    assertTrue(message.contains(reason), message);
  }

  private static BoxliteWriter.Export export(Path image) {
    return new BoxliteWriter.Export(image, new BoxId("web-1"), "alpine:latest", TIME);
  }

  private byte[] write() {
    ByteArrayOutputStream pipe = new ByteArrayOutputStream();
    try (ArchiveTarget target = ArchiveTarget.of(pipe, "pipe")) {
      BoxliteWriter.write(export(image), target, Progress.NONE);
    }
    return pipe.toByteArray();
  }

  private static Map<String, byte[]> membersOf(byte[] archive) throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ZstdInputStream(new ByteArrayInputStream(archive)))) {
      for (TarArchiveEntry each = tar.getNextEntry(); each != null; each = tar.getNextEntry()) {
        members.put(each.getName(), tar.readAllBytes());
      }
    }
    return members;
  }
}
