package io.basedisk.oci.boxlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.basedisk.oci.tar.Tars;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tar archives with headers that could do harm. */
class HostileTarTest extends HostileBoxliteFixture {

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
}
