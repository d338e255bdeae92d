package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code image create} and {@code image info}, and what they keep their hands off. */
class ImageCommandsTest {

  @TempDir private Path temporary;
  private Path directory;
  private Path home;
  private Cli cli;

  @BeforeEach
  void use_a_home_in_the_directory() throws Exception {
    directory = temporary.toRealPath();
    home = directory.resolve("home");
    cli = new Cli(home);
  }

  @Test
  void create_prints_the_image_as_info_does() {
    String image = directory.resolve("i.qcow2").toString();

    Map<String, Object> created = cli.json("image", "create", image, "10M");

    assertEquals(created, cli.json("image", "info", image));
    assertEquals(10 << 20, created.get("virtual-size"));
    assertEquals("qcow2", created.get("format"));
    assertEquals(image, created.get("filename"));
  }

  @Test
  void info_and_create_make_no_home() {
    String image = directory.resolve("i.qcow2").toString();

    cli.json("image", "create", image, "10M");
    cli.json("image", "info", image);

    assertFalse(Files.exists(home));
  }

  @Test
  void an_overlay_names_its_backing_file_by_its_real_path() throws Exception {
    Path base = directory.resolve("base.qcow2");
    cli.json("image", "create", base.toString(), "1M");
    Path link = Files.createSymbolicLink(directory.resolve("link"), base);

    Map<String, Object> overlay =
        cli.json(
            "image",
            "create",
            directory.resolve("o.qcow2").toString(),
            "2M",
            "-b",
            link.toString(),
            "-F",
            "qcow2");

    assertEquals(base.toString(), overlay.get("backing-filename"));
    assertEquals(base.toString(), overlay.get("full-backing-filename"));
    assertEquals("qcow2", overlay.get("backing-filename-format"));
    assertEquals(2 << 20, overlay.get("virtual-size"));
  }

  @Test
  void a_raw_backing_file_needs_no_header() throws Exception {
    Path raw = Files.write(directory.resolve("raw"), new byte[100]);

    assertEquals(
        "raw",
        cli.json(
                "image",
                "create",
                directory.resolve("o.qcow2").toString(),
                "1M",
                "-b",
                raw.toString(),
                "-F",
                "raw")
            .get("backing-filename-format"));
  }

  @Test
  void a_backing_file_that_is_not_of_the_format_is_refused() throws Exception {
    Path raw = Files.write(directory.resolve("raw"), new byte[1000]);

    assertRefused(5, "o.qcow2", raw, "qcow2");
  }

  @Test
  void a_backing_file_that_does_not_exist_is_not_found() {
    assertRefused(4, "o.qcow2", directory.resolve("nope"), "qcow2");
  }

  @Test
  void a_backing_file_that_is_a_directory_is_refused() {
    assertRefused(5, "o.qcow2", directory, "raw");
  }

  // The home's own files.

  @Test
  void nothing_is_made_in_the_bases_directory() {
    cli.json("box", "create", "web-1", "--size", "1M");

    assertRefused(3, "home/bases/AAAAAAAA.qcow2", null, null);
    assertRefused(3, "home/bases/../bases/x", null, null);
  }

  @Test
  void nothing_is_made_in_the_bases_directory_through_a_link() throws Exception {
    cli.json("box", "create", "web-1", "--size", "1M");
    Files.createSymbolicLink(directory.resolve("elsewhere"), home.resolve("bases"));

    assertRefused(3, "elsewhere/AAAAAAAA.qcow2", null, null);
  }

  @Test
  void a_directory_beside_the_bases_directory_is_not_managed() throws Exception {
    cli.json("box", "create", "web-1", "--size", "1M");
    Path beside = Files.createDirectory(home.resolve("bases2"));

    assertEquals(0, cli.run("image", "create", beside.resolve("x").toString(), "1M").code());
  }

  @Test
  void a_registered_disk_is_not_written() {
    cli.json("box", "create", "web-1", "--size", "1M");

    assertRefused(3, "home/boxes/web-1/disks/disk.qcow2", null, null);
    assertRefused(3, "home/boxes/web-1/disks/guest-rootfs.qcow2", null, null);
  }

  @Test
  void nothing_is_made_that_would_need_a_base() {
    cli.json("box", "create", "web-1", "--size", "1M");
    Object base = cli.json("snapshot", "create", "web-1", "s").get("base_path");

    assertRefused(3, "o.qcow2", Path.of((String) base), "qcow2");
    assertRefused(3, "o.qcow2", Path.of((String) base), "raw");
  }

  @Test
  void nothing_is_made_that_would_need_a_box_s_disk() {
    String disk = (String) cli.json("box", "create", "web-1", "--size", "1M").get("disk");

    assertRefused(3, "o.qcow2", Path.of(disk), "qcow2");
  }

  @Test
  void nothing_is_made_that_would_need_a_base_through_another_image() throws Exception {
    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("snapshot", "create", "web-1", "s");
    Path overlayOfBase =
        Files.copy(
            home.resolve("boxes/web-1/disks/disk.qcow2"), directory.resolve("overlay.qcow2"));

    assertRefused(3, "o.qcow2", overlayOfBase, "qcow2");
  }

  @Test
  void tree_is_not_written_over_a_file_of_the_home() throws Exception {
    String disk = (String) cli.json("box", "create", "web-1", "--size", "1M").get("disk");
    byte[] before = Files.readAllBytes(Path.of(disk));

    assertEquals(3, cli.run("tree", "-o", disk).code());
    assertEquals(3, cli.run("tree", "-o", home.resolve("bases/x").toString()).code());
    assertEquals(3, cli.run("tree", "-o", home.resolve("db/basedisk.db").toString()).code());
    assertArrayEquals(before, Files.readAllBytes(Path.of(disk)));
  }

  private void assertRefused(int code, String file, Path backing, String format) {
    Path target = directory.resolve(file);
    boolean existed = Files.exists(target);

    Cli.Result result =
        backing == null
            ? cli.run("image", "create", target.toString(), "1M")
            : cli.run(
                "image", "create", target.toString(), "1M", "-b", backing.toString(), "-F", format);

    assertEquals(code, result.code(), result.err());
    assertTrue(result.err().startsWith("basedisk: image create: "), result.err());
    assertEquals(existed, Files.exists(target));
  }
}
