package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.qcow2.testing.Qemu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compaction, with QEMU as the guest and as the judge of the content. */
@Tag("oracle")
class CompactionOracleTest {

  private static final long SEED = Long.getLong("basedisk.seed", 20_261_126L);

  /** Odd sizes, growing and shrinking from fork to fork, in sectors. */
  private static final long[] SECTORS = {4_099, 8_191, 2_501, 2_501, 6_007, 5_003, 9_001, 3_333};

  @TempDir private Path directory;
  private Path home;
  private Cli cli;
  private final Random random = new Random(SEED);

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  @BeforeEach
  void use_a_home_in_the_directory() throws IOException {
    home = directory.toRealPath().resolve("home");
    cli = new Cli(home);
  }

  private Path disk(String box) {
    return home.resolve("boxes").resolve(box).resolve("disks/disk.qcow2");
  }

  /** Resizes the box through all sizes, with writes, zeros and discards, and a fork after each. */
  private void deepen(String box) {
    for (long sectors : SECTORS) {
      Qemu.img("resize", "-q", "--shrink", "-f", "qcow2", disk(box), sectors * 512);
      List<String> commands = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        long length = 1L + random.nextInt(400);
        long start = random.nextLong(sectors - length);
        String range = start * 512 + " " + length * 512;
        commands.add(
            switch (random.nextInt(4)) {
              case 0 -> "write -z " + range;
              case 1 -> "write -z -u " + range;
              default -> "write -P " + (1 + random.nextInt(255)) + " " + range;
            });
      }
      Qemu.io(disk(box), commands);
      cli.json("base", "create", box, "--kind", "clone_base");
    }
  }

  /** Copies the content of a disk to a file outside the home. */
  private Path kept(String box) {
    Path copy = directory.resolve(box + "-before.raw");
    Qemu.img("convert", "-f", "qcow2", "-O", "raw", disk(box), copy);
    return copy;
  }

  private void assertReads(Path expected, String box) {
    Qemu.check(disk(box));
    Qemu.img("compare", "-f", "raw", "-F", "qcow2", expected, disk(box));
  }

  @Test
  void every_cut_of_a_chain_of_odd_sizes_leaves_every_disk_as_it_was() {
    cli.json("box", "create", "web", "--size", "1M");
    deepen("web");
    Path web = kept("web");
    cli.json("clone", "web", "copy");
    for (int depth = SECTORS.length - 1; depth > 0; depth--) {
      cli.json("box", "compact", "copy", "--max-depth", Integer.toString(depth));
      assertEquals(depth, cli.json("box", "show", "copy").get("depth"));
      assertReads(web, "copy");
    }
    assertReads(web, "web");

    cli.json("box", "compact", "web", "--max-depth", "1");

    assertReads(web, "web");
    assertReads(web, "copy");
    assertEquals(0, cli.run("doctor").code());
  }
}
