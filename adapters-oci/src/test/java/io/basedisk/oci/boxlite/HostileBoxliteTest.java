package io.basedisk.oci.boxlite;

import com.github.luben.zstd.Zstd;
import io.basedisk.oci.tar.Tars;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that could do harm: each is refused with its reason, and nothing is left. */
class HostileBoxliteTest extends HostileBoxliteFixture {

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
}
