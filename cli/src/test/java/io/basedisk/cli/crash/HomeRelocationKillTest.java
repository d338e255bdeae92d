package io.basedisk.cli.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.cli.Cli;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that relocates a copied home is killed before one of its steps, and the next relocation
 * completes it. The seed decides which steps.
 */
@Tag("exploration")
class HomeRelocationKillTest {

  private static final int KILLS = Integer.getInteger("basedisk.relocation-kills", 6);

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir private Path temporary;

  @Test
  void no_kill_of_a_relocation_costs_a_disk() throws IOException, InterruptedException {
    notes.add("%d kills of a relocation, -Dbasedisk.seed=%d", KILLS, Seed.VALUE);
    Path directory = temporary.toRealPath();
    Random random = new Random(Seed.VALUE);
    byte[] content = new byte[1 << 20];
    random.nextBytes(content);
    Path image = Files.write(directory.resolve("image.raw"), content);
    Cli original = new Cli(directory.resolve("original"));
    original.json("box", "create", "a", "--image", image.toString(), "--format", "raw");
    original.json("snapshot", "create", "a", "s");
    original.json("clone", "a", "b", "c");
    // The first run is killed after its last step, and prints the number of steps.
    int steps = 0;
    for (int i = 0; i < KILLS; i++) {
      Path copy = directory.resolve("copy-" + i);
      Tool.run("cp", "-a", original.home(), copy);
      int reached = kill(copy, i == 0 ? Integer.MAX_VALUE : random.nextInt(steps));
      steps = Math.max(steps, reached);
      Cli relocated = new Cli(copy);
      relocated.json("home", "relocate", "--yes");
      check(relocated, image);
    }
    check(original, image);
  }

  /** Runs a relocation, kills it after at most {@code steps} steps, and returns their number. */
  private static int kill(Path home, int steps) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RelocatingProcess.class.getName(),
                home.toString(),
                String.valueOf(steps))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    // The process prints the number of its steps, then waits to be killed.
    try (var out = process.inputReader()) {
      return Integer.parseInt(String.valueOf(out.readLine()));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static void check(Cli home, Path image) throws IOException {
    for (String box : new String[] {"a", "b", "c"}) {
      Path flat = image.resolveSibling("flat.raw");
      Files.deleteIfExists(flat);
      Cli.Result converted =
          home.run(
              "image",
              "convert",
              home.home().resolve("boxes/" + box + "/disks/disk.qcow2").toString(),
              flat.toString(),
              "-O",
              "raw");
      assertEquals(0, converted.code(), converted.err());
      assertEquals(-1, Files.mismatch(image, flat), box);
    }
    Cli.Result doctor = home.run("doctor");
    assertEquals(0, doctor.code(), doctor.out());
  }
}
