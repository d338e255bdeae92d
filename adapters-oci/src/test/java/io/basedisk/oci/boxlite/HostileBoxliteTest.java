package io.basedisk.oci.boxlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.tar.Tars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that could do harm: each is refused with its reason, and nothing is left. */
class HostileBoxliteTest {

  private static final byte[] DISK = Archives.DISK;
  private static final String MANIFEST = Archives.manifest(1, "");
  private static final int LIMIT = 1 << 20;

  @TempDir Path directory;
  @TempDir Path temporaries;

  @ParameterizedTest
  @CsvSource({
    "2, a link",
    "1, a link",
    "3, a special file",
    "4, a special file",
    "6, a special file",
    "V, a special file"
  })
  void a_member_that_is_no_plain_file(char type, String kind) throws IOException {
    assertInvalid(good().member("disk", type), "member \"disk\": it is " + kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "../disk.qcow2", "layers/../../x", "..", "./../x"})
  void a_name_that_leads_out_of_the_archive(String name) throws IOException {
    assertInvalid(good().file(name, "x"), "the name leads out of the archive");
  }

  @Test
  void a_name_in_an_extended_header_that_leads_out_of_the_archive() throws IOException {
    assertInvalid(good().extended("path", "../x").file("x", "x"), "the name leads out");
  }

  @Test
  void a_long_name_that_leads_out_of_the_archive() throws IOException {
    assertInvalid(
        good().header('L', "a/../../x\0".getBytes(UTF_8)).file("x", "x"), "the name leads out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"disk.qcow2", "./disk.qcow2"})
  void a_disk_that_occurs_twice(String name) throws IOException {
    assertInvalid(good().file(name, DISK), "member \"disk.qcow2\": it occurs twice");
  }

  @Test
  void a_manifest_that_occurs_twice() throws IOException {
    assertInvalid(good().file("manifest.json", MANIFEST), "it occurs twice");
  }

  @Test
  void a_size_beyond_the_end() throws IOException {
    assertInvalid(
        new Tars().file("manifest.json", MANIFEST).declared("disk.qcow2", LIMIT), "cut off");
  }

  @Test
  void a_size_beyond_the_limit_of_a_member_that_is_not_read() throws IOException {
    assertInvalid(good().declared("other", 7L << 30), "cut off");
  }

  @Test
  void a_manifest_of_100_mebibytes() throws IOException {
    assertInvalid(
        new Tars().declared("manifest.json", 100 << 20), "it has 104857600 bytes, the limit is");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[]; no JSON object",
        "{; no valid JSON",
        "{\"version\":0}; unsupported version 0",
        "{\"version\":7}; unsupported version 7",
        "{\"version\":-1}; negative",
        "{\"version\":\"2\"}; version: expected an integer",
        "{\"box_name\":\"x\"}; version: it is missing",
        "{\"version\":2,\"version\":2}; Duplicate",
        "{\"version\":2,\"box_name\":7}; box_name: expected a string",
        "{\"version\":2,\"container_disk_checksum\":\"sha256:12\"}; invalid SHA-256",
        "{\"version\":2,\"container_disk_checksum\":\"md5:12\"}; unsupported digest",
        "{\"version\":2,\"container_disk_checksum\":\"../x\"}; unsupported digest",
        "{\"version\":2,\"exported_at\":\"today\"}; invalid time",
        "{\"version\":2,\"exported_at\":\"-1000-01-01T00:00:00Z\"}; 1970",
        "{\"version\":6,\"layers\":{}}; layers: expected an array"
      })
  void a_manifest_that_is_not_valid(String manifest, String reason) throws IOException {
    assertInvalid(
        new Tars().file("disk.qcow2", DISK).file("manifest.json", manifest),
        "manifest.json: ",
        reason);
  }

  @Test
  void deep_json() throws IOException {
    assertInvalid(
        new Tars().file("manifest.json", "{\"version\":" + "[".repeat(100_000)), "no valid JSON");
  }

  @Test
  void a_disk_with_another_checksum() throws IOException {
    String manifest = Archives.manifest(2, "sha256:" + "a".repeat(64));
    assertInvalid(
        new Tars().file("manifest.json", manifest).file("disk.qcow2", DISK),
        "the digest of disk.qcow2 is sha256:" + Archives.hex(DISK) + ", not sha256:aaaa");
  }

  @Test
  void an_archive_without_a_disk() throws IOException {
    assertInvalid(new Tars().file("manifest.json", MANIFEST), "disk.qcow2 is missing");
  }

  @Test
  void an_archive_without_a_manifest() throws IOException {
    assertInvalid(new Tars().file("disk.qcow2", DISK), "manifest.json is missing");
  }

  @Test
  void a_disk_that_is_no_qcow2() throws IOException {
    assertInvalid(
        new Tars().file("manifest.json", MANIFEST).file("disk.qcow2", "KDMV"), "no qcow2 image");
  }

  @Test
  void an_empty_disk() throws IOException {
    assertInvalid(
        new Tars().file("manifest.json", MANIFEST).file("disk.qcow2", ""), "no qcow2 image");
  }

  @Test
  void a_bomb_in_a_member_that_is_not_read() throws IOException {
    byte[] bomb = new byte[(16 << 20) + LIMIT + 1];
    assertInvalid(write(Zstd.compress(good().file("bomb", bomb).bytes())), "the limit");
  }

  @Test
  void zeros_without_an_end_after_the_archive() throws IOException {
    byte[] zeros = new byte[(16 << 20) + LIMIT + 1];
    assertInvalid(write(Zstd.compress(good().raw(zeros).bytes())), "the limit");
  }

  @Test
  void a_sparse_disk_of_eight_exbibytes() throws IOException {
    assertRefused(
        new Tars().sparse("disk.qcow2", Long.MAX_VALUE, new byte[1], 0, 1),
        "its disk has " + Long.MAX_VALUE + " bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "4096, 0, 512, 256, 512, overlap",
    "4096, 512, 512, 0, 512, overlap",
    "4096, 0, 512, 4000, 512, beyond its end",
    "4096, 0, 512, 512, 9223372036854775807, beyond its end",
    "4096, 0, 512, 1024, 100, parts of a sparse file have 612 bytes",
    "4096, 0, 512, 1024, 0, parts of a sparse file have 512 bytes"
  })
  void a_sparse_disk_with_a_wrong_map(
      long size, long at1, long length1, long at2, long length2, String reason) throws IOException {
    assertInvalid(
        new Tars()
            .file("manifest.json", MANIFEST)
            .sparse("disk.qcow2", size, new byte[1024], at1, length1, at2, length2),
        reason);
  }

  @Test
  void a_sparse_file_of_another_format() throws IOException {
    assertInvalid(
        good().extended("GNU.sparse.major", "1").file("x", "x"), "a sparse file of the pax format");
  }

  @ParameterizedTest
  @ValueSource(strings = {"99 path=x\n", "path=x\n", "5 a=b", "0 =\n", "4 a\n\n", "-1 a=b\n"})
  void an_extended_header_that_is_not_valid(String records) throws IOException {
    assertInvalid(
        good().header('x', records.getBytes(UTF_8)).file("x", "x"),
        "an extended header is not valid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "x", "99999999999999999999"})
  void an_extended_header_with_an_impossible_size(String size) throws IOException {
    assertInvalid(good().extended("size", size).file("x", "x"), "an extended header has the size");
  }

  @ParameterizedTest
  @ValueSource(chars = {'x', 'g', 'L'})
  void a_large_extended_header(char type) throws IOException {
    assertInvalid(
        good().header(type, new byte[(1 << 20) + 1]).file("x", "x"),
        "an extended header of 1048577 bytes");
  }

  @Test
  void a_global_header_that_names_all_members() throws IOException {
    assertInvalid(
        good().header('g', "19 path=disk.qcow2\n".getBytes(UTF_8)).file("x", "x"),
        "a global header with a name");
  }

  @Test
  void a_header_with_a_wrong_checksum() throws IOException {
    byte[] archive = good().bytes();
    archive[3] ^= 1;
    assertInvalid(write(archive), "the checksum of a header is wrong");
  }

  @Test
  void an_archive_without_its_end() throws IOException {
    assertInvalid(write(good().withoutEnd()), "cut off");
  }

  @Test
  void bytes_after_the_compressed_archive() throws IOException {
    byte[] archive = Zstd.compress(good().bytes());
    byte[] longer = Arrays.copyOf(archive, archive.length + 100);
    Arrays.fill(longer, archive.length, longer.length, (byte) 'x');
    assertInvalid(write(longer), "its compressed data is not valid");
  }

  @Test
  void compressed_data_that_was_changed() throws IOException {
    String manifest = Archives.manifest(2, "sha256:" + Archives.hex(DISK));
    byte[] archive =
        Zstd.compress(new Tars().file("manifest.json", manifest).file("disk.qcow2", DISK).bytes());
    Arrays.fill(archive, archive.length / 2, archive.length / 2 + 100, (byte) 0xFF);
    assertInvalid(write(archive));
  }

  @Test
  void another_compression() throws IOException {
    assertInvalid(write(new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z', 0, 0, 0}), "xz");
  }

  @Test
  void a_window_that_needs_more_memory_than_zstd_allows() throws IOException {
    byte[] frame = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) (21 << 3), 1, 0, 0};
    assertInvalid(write(frame), "its compressed data is not valid");
  }

  @Test
  void a_disk_image_instead_of_an_archive() throws IOException {
    assertInvalid(write(DISK), "it is no tar archive");
  }

  private static Tars good() {
    return new Tars().file("manifest.json", MANIFEST).file("disk.qcow2", DISK);
  }

  private Path write(byte[] archive) throws IOException {
    return Files.write(directory.resolve("box.boxlite"), archive);
  }

  private void assertInvalid(Tars tar, String... reasons) throws IOException {
    assertInvalid(write(tar.bytes()), reasons);
  }

  private void assertInvalid(Path archive, String... reasons) {
    check(InvalidImageException.class, archive, reasons);
  }

  private void assertRefused(Tars tar, String... reasons) throws IOException {
    check(RefusedException.class, write(tar.bytes()), reasons);
  }

  private void check(Class<? extends BaseDiskException> type, Path archive, String... reasons) {
    String message =
        assertThrows(
                type, () -> BoxliteArchive.open(archive, LIMIT, temporaries, Progress.NONE).close())
            .getMessage();
    assertTrue(message.startsWith(archive.toString()), message);
    for (String reason : reasons) {
      assertTrue(message.contains(reason), message);
    }
    assertEquals(0, temporaries.toFile().list().length);
  }
}
