package io.basedisk.cli.filesystem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.basedisk.app.HomeListing;
import io.basedisk.cli.Cli;
import java.nio.file.Path;
import java.util.List;

/** A home with two of each thing, and the commands that read it or add to it. */
final class SampleHome {

  /** Commands that read the home, or an image in it. */
  static final ImmutableList<String> READING =
      ImmutableList.of(
          "box ls",
          "box show web-1",
          "base ls",
          "base show %s",
          "snapshot ls web-1",
          "rootfs ls",
          "tree",
          "du",
          "log web-1",
          "doctor",
          "doctor --deep",
          "gc --dry-run --explain",
          "box compact web-2 --max-depth 1 --dry-run",
          "home show",
          "image info HOME/boxes/web-1/disks/disk.qcow2",
          "image check HOME/boxes/web-1/disks/disk.qcow2",
          "image measure HOME/boxes/web-1/disks/disk.qcow2");

  /** Commands that change the home and create a file, or write an image beside it. */
  static final ImmutableList<String> ADDING =
      ImmutableList.of(
          "box create new --size 1M",
          "box create new --rootfs r1",
          "box create new --base %s",
          "box create new --image IMAGE",
          "snapshot create web-1 s9",
          "snapshot create web-1 s9 --mode copy",
          "snapshot restore web-1 s1",
          "clone web-1 new-1 new-2",
          "clone web-1@s1 new-1",
          "rootfs add r9 IMAGE",
          "base create web-1 --kind clone_base",
          "box compact web-2 --max-depth 1");

  final Cli cli;
  final Path image;
  final String base;

  private SampleHome(Cli cli, Path image, String base) {
    this.cli = cli;
    this.image = image;
    this.base = base;
  }

  /**
   * Creates the home.
   *
   * @param home the path of the home
   * @param image the path of an image to create outside its file system
   */
  static SampleHome make(Path home, Path image) {
    Cli cli = new Cli(home);
    run(cli, "home init");
    run(cli, "image create " + image + " 1M");
    for (String box : List.of("web-1", "web-2")) {
      run(cli, "box create " + box + " --size 64M");
      run(cli, "snapshot create " + box + " s1");
      run(cli, "snapshot create " + box + " s2");
    }
    run(cli, "rootfs add r1 " + image);
    Path other = image.resolveSibling("other.qcow2");
    run(cli, "image create " + other + " 2M");
    run(cli, "rootfs add r2 " + other);
    return new SampleHome(
        cli, image, String.valueOf(cli.json("box", "show", "web-2").get("base_id")));
  }

  private static void run(Cli cli, String command) {
    Cli.Result result = cli.run(words(command));
    assertEquals(0, result.code(), command + ": " + result.err());
  }

  private static String[] words(String command) {
    return Splitter.on(' ').splitToList(command).toArray(String[]::new);
  }

  /** Runs a command, with this home's names in it. */
  Cli.Result run(String command) {
    return cli.run(
        words(
            command
                .replace("%s", base)
                .replace("HOME", cli.home().toString())
                .replace("IMAGE", image.toString())));
  }

  void assertReadingWorks() {
    for (String command : READING) {
      Cli.Result result = run(command);
      assertEquals(0, result.code(), command + ": " + result.err() + result.out());
    }
  }

  /** Asserts that each command that adds data fails with that message, and changes nothing. */
  void assertAddingFails(int code, String why) {
    for (String command : ADDING) {
      assertFails(command, code, why);
    }
  }

  void assertFails(String command, int code, String why) {
    State before = state();

    Cli.Result result = run(command);

    assertEquals(code, result.code(), command + ": " + result.err());
    assertTrue(result.errors().get(0).contains(why), command + ": " + result.err());
    assertTrue(
        result.err().contains("basedisk: hint: "), command + " has no hint: " + result.err());
    assertEquals(before, state(), command);
  }

  /** The files and records of a home. */
  private record State(Object files, Object boxes, Object bases) {}

  private State state() {
    return new State(
        HomeListing.of(cli.home()), cli.jsonList("box", "ls"), cli.jsonList("base", "ls"));
  }
}
