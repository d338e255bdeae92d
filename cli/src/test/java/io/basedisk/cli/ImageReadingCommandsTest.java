package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Strings;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.qcow2.guest.GuestDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code image map}, {@code image compare} and {@code image read}, and what they open. */
class ImageReadingCommandsTest {

  @TempDir private Path temporary;
  private Path directory;
  private Cli cli;

  @BeforeEach
  void use_a_home_in_the_directory() throws Exception {
    directory = temporary.toRealPath();
    cli = new Cli(directory.resolve("home"));
  }

  private String raw(String name, String content) throws Exception {
    return Files.write(directory.resolve(name), Strings.padEnd(content, 1024, '\n').getBytes(UTF_8))
        .toString();
  }

  private String overlayOf(String name, String raw) {
    String overlay = directory.resolve(name).toString();
    cli.json("image", "create", overlay, "1M", "-b", raw, "-F", "raw");
    return overlay;
  }

  private String disk(String name, String content) {
    Path disk = directory.resolve(name);
    cli.json("image", "create", disk.toString(), "1M");
    write(disk, 0, content);
    return disk.toString();
  }

  private static void write(Path disk, long offset, String content) {
    try (GuestDisk guest = GuestDisk.open(List.of(LayerFile.qcow2(disk)))) {
      guest.write(offset, ByteBuffer.wrap(content.getBytes(UTF_8)));
    }
  }

  // Opened files.

  @Test
  void a_backing_file_that_is_not_allowed_is_refused_with_what_would_allow_it() throws Exception {
    String base = raw("base.raw", "content");
    Cli.Result result = cli.run("image", "read", overlayOf("o.qcow2", base), "0", "7");

    assertEquals(5, result.code());
    assertTrue(result.err().contains("--allow-backing " + base), result.err());
    assertEquals("", result.out());
  }

  @Test
  void a_backing_file_that_is_allowed_is_read() throws Exception {
    String base = raw("base.raw", "content");
    Cli.Result result =
        cli.run("image", "read", overlayOf("o.qcow2", base), "0", "7", "--allow-backing", base);

    assertEquals("content", result.out(), result.err());
  }

  @Test
  void a_box_s_disk_is_read_through_its_base() throws Exception {
    Path disk = Path.of((String) cli.json("box", "create", "web-1", "--size", "1M").get("disk"));
    write(disk, 0, "written before the fork");
    cli.json("snapshot", "create", "web-1", "s");

    assertEquals(
        "written before the fork", cli.run("image", "read", disk.toString(), "0", "23").out());
  }

  @Test
  void an_unmanaged_image_is_not_read_through_a_base() throws Exception {
    String disk = (String) cli.json("box", "create", "web-1", "--size", "1M").get("disk");
    cli.json("snapshot", "create", "web-1", "s");
    Path copy = Files.copy(Path.of(disk), directory.resolve("copy.qcow2"));

    assertEquals(5, cli.run("image", "read", copy.toString(), "0", "1").code());
  }

  @Test
  void no_home_is_made() throws Exception {
    cli.run("image", "map", overlayOf("o.qcow2", raw("base.raw", "content")));

    assertFalse(Files.exists(cli.home()));
  }

  // map

  @Test
  void map_has_the_fields_of_qemu_img() throws Exception {
    String base = raw("base.raw", "content");
    String overlay = overlayOf("o.qcow2", base);

    assertEquals(
        List.of(
            Map.of(
                "start", 0, "length", 1024, "depth", 1, "present", true, "zero", false, "data",
                true, "offset", 0),
            Map.of(
                "start", 1024, "length", 1047552, "depth", 0, "present", false, "zero", true,
                "data", false)),
        cli.jsonList("image", "map", overlay, "--allow-backing", base));
  }

  @Test
  void map_names_the_file_of_each_part_for_people() throws Exception {
    String base = raw("base.raw", "content");

    assertEquals(
        List.of(
            "Offset          Length          Mapped to       File",
            "0               0x400           0               " + base),
        cli.run("image", "map", overlayOf("o.qcow2", base), "--allow-backing", base)
            .out()
            .lines()
            .toList());
  }

  @Test
  void map_of_a_disk_of_0_bytes_is_one_empty_entry() throws Exception {
    String empty = Files.createFile(directory.resolve("empty.raw")).toString();

    assertEquals(
        List.of(
            Map.of(
                "start", 0, "length", 0, "depth", 0, "present", false, "zero", false, "data",
                false)),
        cli.jsonList("image", "map", "--format", "raw", empty));
  }

  @Test
  void a_raw_file_that_ends_within_a_sector_has_one_size_for_every_command() throws Exception {
    Path raw = Files.writeString(directory.resolve("odd.raw"), "x".repeat(1_000_003));
    Path copy = directory.resolve("copy.raw");

    assertEquals(
        List.of(
            Map.of(
                "start", 0, "length", 1_000_003, "depth", 0, "present", true, "zero", false, "data",
                true, "offset", 0),
            Map.of(
                "start", 1_000_003, "length", 445, "depth", 0, "present", true, "zero", true,
                "data", false, "offset", 1_000_003)),
        cli.jsonList("image", "map", "--format", "raw", raw.toString()));
    assertEquals(
        1_000_448, cli.json("image", "measure", "--format", "raw", raw.toString()).get("required"));
    cli.json("image", "convert", "--format", "raw", raw.toString(), copy.toString(), "-O", "raw");
    assertEquals(1_000_448, Files.size(copy));
    assertEquals(
        Files.readString(copy),
        cli.run("image", "read", "--format", "raw", raw.toString(), "0", "1000448").out());
    assertEquals(
        2, cli.run("image", "read", "--format", "raw", raw.toString(), "0", "1000449").code());
  }

  @Test
  void map_that_fails_midway_leaves_no_part_of_its_document() throws Exception {
    Path disk = directory.resolve("damaged.qcow2");
    cli.json("image", "create", disk.toString(), "2G");
    write(disk, 0, "behind the first L2 table");
    write(disk, 1L << 30, "behind the third");
    loseL2Table(disk, 2);

    Cli.Result result = cli.run("--json", "image", "map", disk.toString());

    assertEquals(5, result.code());
    assertEquals("", result.out());
  }

  /** Gives an L1 entry an impossible offset. */
  private static void loseL2Table(Path disk, int index) throws IOException {
    try (FileChannel file = FileChannel.open(disk, READ, WRITE)) {
      ByteBuffer l1Table = ByteBuffer.allocate(Long.BYTES);
      file.read(l1Table, 40);
      ByteBuffer entry = ByteBuffer.allocate(Long.BYTES).putLong(0, 1L << 50);
      file.write(entry, l1Table.getLong(0) + (long) index * Long.BYTES);
    }
  }

  // compare

  @Test
  void compare_finds_no_difference_between_an_image_and_what_it_was_made_of() throws Exception {
    String base = raw("base.raw", "content");
    String overlay = overlayOf("o.qcow2", base);

    assertEquals(
        Map.of("identical", true),
        cli.json("image", "compare", overlay, "-F", "raw", base, "--allow-backing", base));
  }

  @Test
  void compare_names_the_first_byte_that_differs() {
    String one = disk("one.qcow2", "the same");
    String other = disk("other.qcow2", "the sane");

    Cli.Result result = cli.run("--json", "image", "compare", one, other);

    assertEquals(7, result.code());
    assertEquals("{\"identical\":false,\"first_difference\":6}\n", result.out());
  }

  // read

  @Test
  void read_writes_the_bytes_that_were_asked_for_and_nothing_else() {
    assertEquals(
        "same", cli.run("image", "read", disk("one.qcow2", "the same thing"), "4", "4").out());
  }

  @Test
  void read_takes_units() {
    assertEquals(1024, cli.run("image", "read", disk("one.qcow2", "x"), "1K", "1K").out().length());
  }

  @Test
  void read_beyond_the_end_is_wrong_usage() {
    Cli.Result result = cli.run("image", "read", disk("one.qcow2", "x"), "1M", "1");

    assertEquals(2, result.code());
    assertEquals("", result.out());
  }

  @Test
  void read_of_all_that_is_left_is_possible() {
    String disk = disk("one.qcow2", "x");

    assertEquals(0, cli.run("image", "read", disk, "1M", "0").code());
  }

  @Test
  void read_of_less_than_nothing_is_wrong_usage() {
    assertEquals(2, cli.run("image", "read", disk("one.qcow2", "x"), "0", "-1").code());
  }

  @Test
  void read_has_no_json() {
    assertEquals(2, cli.run("--json", "image", "read", disk("one.qcow2", "x"), "0", "1").code());
  }

  @Test
  void a_raw_image_is_read_when_it_is_called_raw() throws Exception {
    String raw = raw("disk.raw", "content");

    assertEquals(5, cli.run("image", "read", raw, "0", "7").code());
    assertEquals("content", cli.run("image", "read", "--format", "raw", raw, "0", "7").out());
  }
}
