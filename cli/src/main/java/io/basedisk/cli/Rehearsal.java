package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs what commands usually do, so that the virtual machine can archive the classes which that
 * takes. The launcher starts it, once for each JDK.
 *
 * <p>It is one process and leaves out what is rare: the more classes there are in an archive, the
 * longer it takes to begin with them. So the home exists already, and no schema is migrated.
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
   * Takes a home that exists and has nothing in it; ends with an exit code other than zero if a
   * command does.
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
