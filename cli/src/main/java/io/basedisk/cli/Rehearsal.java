package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs common commands, so that the JVM can archive the classes that they use. The launcher starts
 * it once for each JDK.
 *
 * <p>It leaves out rare commands and the migration of a schema, because a larger archive takes
 * longer to load.
 */
final class Rehearsal {

  private static final ImmutableList<String> LINES =
      ImmutableList.of(
          "--help",
          "box create a --size 1M",
          "snapshot create a clean",
          "snapshot ls a",
          "clone a@clean b c",
          "snapshot restore a clean",
          "box ls",
          "box ls --json",
          "box show a",
          "base ls",
          "rootfs ls",
          "tree",
          "du",
          "doctor",
          "box compact a",
          "box rm c",
          "gc",
          "image info %s",
          "image check %s");

  private Rehearsal() {}

  /**
   * Runs the commands on an empty home that exists. If a command fails, the exit code is not zero.
   */
  public static void main(String[] args) {
    Path home = Path.of(args[0]);
    if (Files.notExists(home)) {
      throw new IllegalArgumentException(home + " does not exist");
    }
    Path disk = home.resolve("boxes/b/disks/disk.qcow2");
    for (String line : LINES) {
      Console console =
          new Console(
              OutputStream.nullOutputStream(),
              OutputStream.nullOutputStream(),
              ImmutableMap.of("BASEDISK_HOME", home.toString()));
      int code = new Program(console).run(String.format(line, disk).split(" "));
      if (code != 0) {
        System.exit(code);
      }
    }
  }
}
