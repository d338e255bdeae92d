package io.basedisk.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that the output of {@code --json} equals the committed files. Each test is a scenario whose
 * steps depend on earlier steps. Its files are in the directory of its name.
 */
abstract class GoldenJson {

  @TempDir private Path temporary;
  private Path directory;
  private JsonScenario scenario;

  @BeforeEach
  final void start_in_an_empty_directory(TestInfo test) throws IOException {
    directory = temporary.toRealPath();
    scenario = new JsonScenario(test.getTestMethod().orElseThrow().getName(), directory);
  }

  @AfterEach
  final void compare_with_the_files() throws IOException {
    scenario.check();
  }

  /** Returns the directory that commands write as {@code <dir>}. */
  final Path directory() {
    return directory;
  }

  /** Returns the file {@code <dir>/name}. */
  final Path file(String name) {
    return directory.resolve(name);
  }

  /** Returns the home of commands that name no other. */
  final Path home() {
    return file("home");
  }

  /** Returns the file of a base in the home. */
  final Path baseFile(String id) {
    return home().resolve("bases/" + id + ".qcow2");
  }

  /** Returns the disk of a box in the home. */
  final Path disk(String box) {
    return home().resolve("boxes/" + box + "/disks/disk.qcow2");
  }

  /** Runs a command and compares its output with a file. See {@link JsonScenario#step}. */
  @CanIgnoreReturnValue
  final Cli.Result step(String name, String command) throws IOException {
    return scenario.step(name, command);
  }

  /** Runs a command that must succeed and has no file. See {@link JsonScenario#prepare}. */
  @CanIgnoreReturnValue
  final Map<String, Object> prepare(String command) throws IOException {
    return scenario.prepare(command);
  }

  /** Makes a base of a box's disk, and returns its id. */
  @CanIgnoreReturnValue
  final String fork(String box) throws IOException {
    return (String) prepare("base create " + box + " --kind clone_base").get("id");
  }

  /** Makes a raw image of 1 MiB. It has no zeros, which some file systems store as a hole. */
  final void rawImage(String name, int value) throws IOException {
    byte[] content = new byte[1 << 20];
    Arrays.fill(content, (byte) value);
    Files.write(file(name), content);
  }

  /** Opens a box's disk as its VM does. */
  final FileChannel vmOn(String box) throws IOException {
    return FileChannel.open(disk(box), StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
