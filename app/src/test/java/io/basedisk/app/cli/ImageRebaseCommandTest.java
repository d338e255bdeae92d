package io.basedisk.app.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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
    assertEquals(
        5,
        cli.run("image", "rebase", path("disk.qcow2"), "-b", path("new.qcow2"), "-F", "qcow2")
            .code());
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
