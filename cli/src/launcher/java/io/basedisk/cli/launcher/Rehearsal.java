package io.basedisk.cli.launcher;

import com.google.common.collect.ImmutableList;
import io.basedisk.cli.Main;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs common commands, so that the Java virtual machine can archive the classes that they load.
 * The launcher starts it once for each build and JDK.
 *
 * <p>All commands run in one process, since one process makes an archive. Rare commands are left
 * out: a larger archive takes longer to map. For the same reason the home exists already, so that
 * the archive has no classes that migrate a schema.
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
   * Runs the commands on the home in {@code $BASEDISK_HOME}, which exists and is empty. If a
   * command fails, the process ends with its exit code.
   */
  public static void main(String[] args) {
    Path home = Path.of(System.getenv("BASEDISK_HOME"));
    if (Files.notExists(home)) {
      throw new IllegalStateException(home + " does not exist");
    }
    Path disk = home.resolve("boxes/b/disks/disk.qcow2");
    for (String line : LINES) {
      Main.main(String.format(line, disk).split(" "));
    }
  }
}
