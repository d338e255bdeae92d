package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableSet;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo runs to its end without QEMU, and leaves no files. */
class DemoCommandTest {

  @TempDir private Path directory;

  @Test
  void the_demo_shows_every_step_and_passes() throws IOException {
    ImmutableSet<Path> before = scratchDirectories();

    Cli.Result result = Cli.runAnywhere(Map.of(), "demo");

    assertEquals(0, result.code(), result.out() + result.err());
    assertTrue(result.out().contains("8. Nothing is left"), result.out());
    assertTrue(result.out().contains("all passed."), result.out());
    assertTrue(result.out().contains("qemu-img is not installed"), result.out());
    assertEquals(before, scratchDirectories());
  }

  @Test
  void the_demo_is_one_document_under_json() {
    Map<String, Object> report = Cli.runAnywhere(Map.of(), "demo", "--json").object();

    assertEquals(true, report.get("passed"));
    assertEquals(8, ((List<?>) report.get("steps")).size());
  }

  @Test
  void the_demo_takes_an_image_and_leaves_it_as_it_is() throws IOException {
    Path image = directory.resolve("image.qcow2");
    Cli cli = new Cli(directory.resolve("home"));
    assertEquals(0, cli.run("image", "create", image.toString(), "3M").code());
    byte[] before = Files.readAllBytes(image);

    Cli.Result result = Cli.runAnywhere(Map.of(), "demo", image.toString());

    assertEquals(0, result.code(), result.out() + result.err());
    assertArrayEquals(before, Files.readAllBytes(image));
  }

  @Test
  void the_demo_does_not_open_what_an_image_names() {
    Path base = directory.resolve("base.qcow2");
    Path overlay = directory.resolve("overlay.qcow2");
    Cli cli = new Cli(directory.resolve("home"));
    cli.run("image", "create", base.toString(), "1M");
    cli.run("image", "create", overlay.toString(), "1M", "-b", base.toString(), "-F", "qcow2");

    assertEquals(5, Cli.runAnywhere(Map.of(), "demo", overlay.toString()).code());
  }

  private static ImmutableSet<Path> scratchDirectories() throws IOException {
    return MoreFiles.listFiles(Path.of(System.getProperty("java.io.tmpdir"))).stream()
        .filter(file -> file.getFileName().toString().startsWith("basedisk-demo-"))
        .collect(ImmutableSet.toImmutableSet());
  }
}
