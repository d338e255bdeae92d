package io.basedisk.oci.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.oci.artifact.ArtifactStore;
import io.basedisk.oci.artifact.Contents;
import io.basedisk.oci.artifact.Stores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that could be more than plain files: each is refused, with the name of the member. */
class HostileArchiveTest {

  @TempDir Path directory;
  @TempDir Path temporaries;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);

  @Test
  void an_archive_that_tar_packed_from_a_layout_is_accepted() throws IOException {
    directory("./");
    directory("./blobs/");
    file("./oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
    extended("mtime", "1.5");
    file("./index.json", "{\"schemaVersion\":2,\"manifests\":[]}");
    try (ArchiveReader reader = ArchiveReader.open(write())) {
      assertEquals(0, reader.tags().size());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2, is a link",
    "1, is a link",
    "3, of type '3'",
    "4, of type '4'",
    "6, of type '6'",
    "7, of type '7'",
    "L, of type 'L'",
    "K, of type 'K'",
    "S, is a sparse file"
  })
  void a_member_that_is_no_plain_file_is_refused(char type, String reason) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry("oci-layout", (byte) type);
    entry.setLinkName("/etc/passwd");
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
    assertRefused("member \"oci-layout\": it " + reason.replace("of type", "is of type"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "../oci-layout",
        "blobs/../../x",
        "blobs/..",
        "a\\..\\b",
        "..",
        "./../x"
      })
  void a_name_that_leads_out_of_the_archive_is_refused(String name) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setName(name);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
    assertRefused("the name leads out of the archive");
  }

  @Test
  void a_member_that_occurs_twice_is_refused() throws IOException {
    file("index.json", "{}");
    file("./index.json", "{}");
    assertRefused("member \"./index.json\": it occurs twice");
  }

  @Test
  void a_size_beyond_the_end_is_refused() throws IOException {
    byte[] header = new byte[512];
    TarArchiveEntry entry = new TarArchiveEntry("index.json");
    entry.setSize(7L << 30);
    entry.writeEntryHeader(header);
    bytes.write(header);
    assertRefused("member \"index.json\": 7516192768 bytes are declared");
  }

  @ParameterizedTest
  @ValueSource(strings = {"path", "size", "linkpath", "GNU.sparse.major", "GNU.sparse.name"})
  void an_extended_header_that_changes_a_member_is_refused(String key) throws IOException {
    extended(key, "1");
    file("index.json", "{}");
    assertRefused("an extended header with \"" + key + "\"");
  }

  @Test
  void a_large_extended_header_is_refused() throws IOException {
    extended("comment", "x".repeat(70_000));
    assertRefused("an extended header of 70");
  }

  @Test
  void a_header_with_a_wrong_checksum_is_refused() throws IOException {
    file("index.json", "{}");
    Path file = write();
    byte[] changed = Files.readAllBytes(file);
    changed[3] ^= 1;
    Files.write(file, changed);
    assertRefused(file, "checksum");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 512, 1000, 1024})
  void an_archive_that_is_cut_off_is_refused(int length) throws IOException {
    file("index.json", "{}");
    Path file = write();
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
    assertRefused(file, length == 512 ? "2 bytes are declared" : "cut off");
  }

  @Test
  void a_compressed_archive_is_refused_with_the_way_out() throws IOException {
    file("index.json", "{}");
    Path file = write();
    byte[] plain = Files.readAllBytes(file);
    Files.write(file, Zstd.compress(plain));
    assertRefused(file, "it is compressed: decompress it with zstd -d first");
    try (GZIPOutputStream gzip = new GZIPOutputStream(Files.newOutputStream(file))) {
      gzip.write(plain);
    }
    assertRefused(file, "it is compressed: decompress it with gzip -d first");
  }

  @Test
  void a_disk_image_is_refused() throws IOException {
    byte[] image = new byte[4096];
    System.arraycopy("QFI\u00fb".getBytes(ISO_8859_1), 0, image, 0, 4);
    assertRefused(Files.write(directory.resolve("disk.tar"), image), "it is no tar archive");
  }

  @Test
  void a_directory_is_refused() {
    assertRefused(directory, "it is no regular file");
  }

  @Test
  void an_archive_of_other_files_is_refused() throws IOException {
    file("manifest.json", "{}");
    try (ArchiveReader reader = ArchiveReader.open(write())) {
      String message =
          assertThrows(InvalidImageException.class, () -> reader.manifest("v1")).getMessage();
      assertTrue(message.contains("member \"oci-layout\": it is missing"), message);
    }
  }

  @Test
  void an_archive_with_more_than_one_artifact_is_not_guessed() throws IOException {
    String entry =
        "{\"digest\":\"sha256:%s\",\"size\":1,\"annotations\":"
            + "{\"org.opencontainers.image.ref.name\":\"%s\"}}";
    file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
    file(
        "index.json",
        "{\"schemaVersion\":2,\"manifests\":["
            + String.format(entry, "a".repeat(64), "v1")
            + ","
            + String.format(entry, "b".repeat(64), "v2")
            + "]}");
    try (ArtifactStore store =
        ArtifactStore.ofOnly(ArchiveReader.open(write()), "disk.tar", temporaries)) {
      String message = assertThrows(InvalidImageException.class, store::artifact).getMessage();
      assertTrue(message.contains("2 artifacts: v1, v2"), message);
    }
  }

  @Test
  void a_manifest_larger_than_its_member_is_refused() throws IOException {
    Path file = directory.resolve("good.tar");
    Contents.publish(
        Stores.of(ArchiveWriter.create(file), "v1", temporaries), Contents.bytes(1000, 1));
    byte[] archive = Files.readAllBytes(file);
    String text = new String(archive, ISO_8859_1);
    int size = text.lastIndexOf("\"size\":") + 7;
    archive[size] = '9';
    Files.write(file, archive);
    try (ArchiveReader reader = ArchiveReader.open(file)) {
      String message =
          assertThrows(InvalidImageException.class, () -> reader.manifest("v1")).getMessage();
      assertTrue(message.contains("it ends after"), message);
    }
  }

  private void file(String name, String content) throws IOException {
    byte[] data = content.getBytes(UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(data.length);
    tar.putArchiveEntry(entry);
    tar.write(data);
    tar.closeArchiveEntry();
  }

  private void directory(String name) throws IOException {
    tar.putArchiveEntry(new TarArchiveEntry(name));
    tar.closeArchiveEntry();
  }

  /** Adds an extended header with one record. */
  private void extended(String key, String value) throws IOException {
    int length = key.length() + value.length() + 3;
    length += Integer.toString(length + Integer.toString(length).length()).length();
    byte[] data = (length + " " + key + "=" + value + "\n").getBytes(UTF_8);
    TarArchiveEntry entry =
        new TarArchiveEntry("PaxHeaders/x", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
    entry.setSize(data.length);
    tar.putArchiveEntry(entry);
    tar.write(data);
    tar.closeArchiveEntry();
  }

  private Path write() throws IOException {
    tar.finish();
    tar.flush();
    return Files.write(directory.resolve("disk.tar"), bytes.toByteArray());
  }

  private void assertRefused(String reason) throws IOException {
    assertRefused(write(), reason);
  }

  private static void assertRefused(Path file, String reason) {
    String message =
        assertThrows(InvalidImageException.class, () -> ArchiveReader.open(file)).getMessage();
    assertTrue(message.contains(reason), message);
    assertTrue(message.contains(file.toString()), message);
  }
}
