package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.qcow2.testing.Qemu;
import java.nio.file.Path;
import java.util.List;

/** The disks of boxes, as QEMU reads and writes them. */
final class BoxDisks {

  private BoxDisks() {}

  static Path disk(Cli home, String box) {
    return Path.of((String) home.json("box", "path", box).get("disk"));
  }

  /** Makes box {@code golden}, with snapshot {@code clean} and writes after it. */
  static Cli makeGolden(Path home) {
    Cli made = new Cli(home);
    made.json("box", "create", "golden", "--size", "64M");
    Qemu.io(disk(made, "golden"), List.of("write -P 1 1M 3M"));
    made.json("snapshot", "create", "golden", "clean");
    Qemu.io(disk(made, "golden"), List.of("write -P 2 2M 100k", "write -P 3 60M 64k"));
    return made;
  }

  /** Checks that QEMU finds no difference, and no error in the second image. */
  static void assertSame(Path expected, Path actual) {
    Qemu.img("compare", "-f", "qcow2", "-F", "qcow2", expected, actual);
    Qemu.check(actual);
  }

  static void assertHealthy(Cli home) {
    assertEquals(List.of(), home.json("doctor", "--deep").get("findings"));
  }
}
