package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** If an argument is no image file, the error names its kind, and nothing is created or changed. */
class WhatIsNoImageFileTest {

  @TempDir private Path temporary;
  private Path directory;
  private Cli cli;

  @BeforeEach
  void use_a_home_in_the_directory() throws Exception {
    directory = temporary.toRealPath();
    cli = new Cli(directory.resolve("home"));
    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("image", "create", path("disk.qcow2"), "1M");
  }

  /** Every command that reads an image, for this file. */
  private List<List<String>> commandsOn(String image) {
    return List.of(
        List.of("image", "info", image),
        List.of("image", "map", image),
        List.of("image", "map", "--format", "raw", image),
        List.of("image", "read", image, "0", "1"),
        List.of("image", "measure", image),
        List.of("image", "check", image),
        List.of("image", "check", "--repair", "all", image),
        List.of("image", "compare", image, path("disk.qcow2")),
        List.of("image", "compare", path("disk.qcow2"), image),
        List.of("image", "convert", image, path("new.qcow2")),
        List.of("image", "create", path("new.qcow2"), "1M", "-b", image, "-F", "raw"),
        List.of("image", "rebase", path("disk.qcow2"), "-b", image, "-F", "raw"),
        List.of("image", "rebase", "-u", image, "-b", ""),
        List.of("box", "create", "web-2", "--image", image),
        List.of("rootfs", "add", "key", image, "--format", "raw"));
  }

  private void assertEachSays(String image, int code, String what) {
    for (List<String> command : commandsOn(image)) {
      Cli.Result result = cli.run(command.toArray(String[]::new));

      assertEquals(code, result.code(), command + ": " + result.err());
      assertTrue(result.err().contains(what), command + ": " + result.err());
      assertFalse(Files.exists(directory.resolve("new.qcow2")), command::toString);
    }
    assertEquals(1, cli.jsonList("box", "ls").size());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_pipe_without_a_name() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    try {
      assertEachSays("/proc/" + cat.pid() + "/fd/0", 5, "is a pipe");
    } finally {
      cat.destroy();
    }
  }

  @Test
  void a_pipe_with_a_name() throws Exception {
    assertEquals(0, new ProcessBuilder("mkfifo", path("pipe")).start().waitFor());

    assertEachSays(path("pipe"), 5, "is a pipe");
  }

  @Test
  void a_directory() throws Exception {
    Files.createDirectory(directory.resolve("directory"));

    assertEachSays(path("directory"), 5, "is a directory");
  }

  @Test
  void a_link_to_nothing() throws Exception {
    Files.createSymbolicLink(directory.resolve("link"), Path.of("/nowhere/image"));

    assertEachSays(path("link"), 4, "a symbolic link to /nowhere/image, where nothing is");
  }

  @Test
  void a_link_to_nothing_is_no_name_for_a_new_file() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("nothing"));

    for (ImmutableList<String> command :
        ImmutableList.of(
            ImmutableList.of("image", "create", link.toString(), "1M"),
            ImmutableList.of("image", "convert", path("disk.qcow2"), link.toString()),
            ImmutableList.of(
                "image", "convert", path("disk.qcow2"), link.toString(), "-O", "raw"))) {
      Cli.Result result = cli.run(command.toArray(String[]::new));

      assertEquals(6, result.code(), result.err());
      assertTrue(
          result.err().contains("exists already: it is a symbolic link to nothing"), result.err());
    }
    assertTrue(Files.isSymbolicLink(link));
    assertFalse(Files.exists(directory.resolve("nothing"), LinkOption.NOFOLLOW_LINKS));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(3, files.count(), "the home, the disk and the link");
    }
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }
}
