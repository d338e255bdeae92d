package io.basedisk.cli;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code image rebase}: what it changes, and what it keeps its hands off. */
class ImageRebaseCommandTest {

  @TempDir private Path temporary;
  private Path directory;
  private Cli cli;

  @BeforeEach
  void use_a_home_in_the_directory() throws Exception {
    directory = temporary.toRealPath();
    cli = new Cli(directory.resolve("home"));
    create("old.qcow2");
    create("new.qcow2");
    cli.json("image", "create", path("disk.qcow2"), "1M", "-b", path("old.qcow2"), "-F", "qcow2");
  }

  @Test
  void the_new_backing_file_is_stored_by_its_real_path() {
    Map<String, Object> info =
        cli.json(
            "image",
            "rebase",
            path("disk.qcow2"),
            "-b",
            path("new.qcow2"),
            "-F",
            "qcow2",
            "--allow-backing",
            path("old.qcow2"));

    assertEquals(path("new.qcow2"), info.get("backing-filename"));
    assertEquals("qcow2", info.get("backing-filename-format"));
  }

  @Test
  void a_name_alone_is_stored_as_it_is_given() {
    Map<String, Object> info =
        cli.json("image", "rebase", "-u", path("disk.qcow2"), "-b", "away.raw", "-F", "raw");

    assertEquals("away.raw", info.get("backing-filename"));
  }

  @Test
  void an_empty_name_is_no_backing_file() {
    Map<String, Object> info =
        cli.json(
            "image", "rebase", path("disk.qcow2"), "-b", "", "--allow-backing", path("old.qcow2"));

    assertFalse(info.containsKey("backing-filename"));
  }

  @Test
  void a_backing_file_that_is_not_allowed_is_not_opened() {
    Cli.Result refusal =
        cli.run("image", "rebase", path("disk.qcow2"), "-b", path("new.qcow2"), "-F", "qcow2");

    assertEquals(5, refusal.code());
    assertTrue(refusal.err().contains("--allow-backing " + path("old.qcow2")), refusal.err());
  }

  @Test
  void the_new_backing_file_is_allowed_wherever_the_old_chain_names_it() {
    cli.json("image", "create", path("top.qcow2"), "1M", "-b", path("disk.qcow2"), "-F", "qcow2");

    Map<String, Object> info =
        cli.json(
            "image",
            "rebase",
            path("top.qcow2"),
            "-b",
            path("old.qcow2"),
            "-F",
            "qcow2",
            "--allow-backing",
            path("disk.qcow2"));

    assertEquals(path("old.qcow2"), info.get("backing-filename"));
  }

  @Test
  void a_name_that_is_not_utf_8_is_shown_and_can_be_taken_away() throws Exception {
    breakBackingName(Path.of(path("disk.qcow2")));

    assertEquals(
        "\ufffd" + path("old.qcow2").substring(1),
        cli.json("image", "info", path("disk.qcow2")).get("backing-filename"));
    assertEquals(
        5,
        cli.run("image", "map", path("disk.qcow2"), "--allow-backing", path("old.qcow2")).code());
    assertFalse(
        cli.json("image", "rebase", "-u", path("disk.qcow2"), "-b", "")
            .containsKey("backing-filename"));
    assertEquals(0, cli.run("image", "map", path("disk.qcow2")).code());
  }

  /** Replaces the first byte of a backing file's name with a byte that is invalid in UTF-8. */
  private static void breakBackingName(Path image) throws IOException {
    try (FileChannel file = FileChannel.open(image, READ, WRITE)) {
      ByteBuffer nameAt = ByteBuffer.allocate(Long.BYTES);
      file.read(nameAt, 8);
      file.write(ByteBuffer.wrap(new byte[] {(byte) 0xff}), nameAt.getLong(0));
    }
  }

  @Test
  void a_disk_of_a_box_is_refused_as_file_and_as_backing_file() throws Exception {
    cli.run("box", "create", "web", "--size", "1M");
    String disk = path("home/boxes/web/disks/disk.qcow2");
    byte[] before = Files.readAllBytes(Path.of(disk));

    assertEquals(
        3, cli.run("image", "rebase", "-u", disk, "-b", "new.qcow2", "-F", "qcow2").code());
    assertEquals(
        3, cli.run("image", "rebase", "-u", path("disk.qcow2"), "-b", disk, "-F", "qcow2").code());
    assertEquals(
        3,
        cli.run(
                "image",
                "rebase",
                path("disk.qcow2"),
                "-b",
                disk,
                "-F",
                "qcow2",
                "--allow-backing",
                path("old.qcow2"))
            .code());
    assertArrayEquals(before, Files.readAllBytes(Path.of(disk)));
  }

  @Test
  void a_backing_file_needs_its_format() {
    assertEquals(2, cli.run("image", "rebase", path("disk.qcow2"), "-b", "new.qcow2").code());
  }

  private void create(String name) {
    cli.json("image", "create", path(name), "1M");
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }
}
