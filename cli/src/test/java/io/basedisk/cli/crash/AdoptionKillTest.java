package io.basedisk.cli.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.basedisk.cli.Cli;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that moves a tree into a home is killed before one of its steps. After the next
 * command, all files are adopted or all are as they were. The seed decides which steps. Half of the
 * homes are on another file system, if there is one, so that the files are copied.
 */
@Tag("exploration")
class AdoptionKillTest {

  private static final int KILLS = Integer.getInteger("basedisk.adoption-kills", 8);
  private static final Path OTHER_FILE_SYSTEM = Path.of("/dev/shm");

  @TempDir private Path temporary;

  @Test
  void no_kill_of_an_adoption_costs_a_disk() throws IOException, InterruptedException {
    Tool.assumeInstalled("qemu-img", "qemu-io");
    System.out.println("AdoptionKillTest: " + KILLS + " kills, -Dbasedisk.seed=" + Seed.VALUE);
    Path directory = temporary.toRealPath();
    Random random = new Random(Seed.VALUE);
    // The first run on each file system is killed after its last step, and tells their number.
    int[] steps = new int[2];
    int[] adopted = new int[2];
    for (int i = 0; i < KILLS; i++) {
      int place = i % 2;
      Path tree = Files.createDirectory(directory.resolve("tree-" + i));
      Path home = placeOf(directory, place, i);
      try {
        Map<String, String> before = make(tree);
        int stop = i < 2 ? Integer.MAX_VALUE : random.nextInt(steps[place]);
        steps[place] =
            Math.max(steps[place], AdoptingProcess.kill(home, tree, stop, AdoptingProcess.MOVE));
        boolean isAdopted = check(new Cli(home), tree, before);
        adopted[place] += isAdopted ? 1 : 0;
        assertTrue(isAdopted || i >= 2, "a complete adoption is lost");
      } finally {
        if (Files.exists(home)) {
          MoreFiles.deleteRecursively(home, RecursiveDeleteOption.ALLOW_INSECURE);
        }
      }
    }
    System.out.println(
        "AdoptionKillTest: "
            + steps[0]
            + " and "
            + steps[1]
            + " steps, "
            + adopted[0]
            + " and "
            + adopted[1]
            + " adopted");
  }

  private static Path placeOf(Path directory, int place, int number) throws IOException {
    boolean isElsewhere = place == 1 && Files.isWritable(OTHER_FILE_SYSTEM);
    return isElsewhere
        ? Files.createTempDirectory(OTHER_FILE_SYSTEM, "basedisk-adoption").resolve("home")
        : directory.resolve("home-" + number);
  }

  /** Makes a tree, and returns what QEMU reads from each disk. */
  private static Map<String, String> make(Path tree) throws IOException {
    Tool.run("qemu-img", "create", "-q", "-f", "qcow2", tree.resolve("base.qcow2"), "1M");
    write(tree.resolve("base.qcow2"), 1);
    overlay(tree.resolve("patched.qcow2"), "base.qcow2");
    write(tree.resolve("patched.qcow2"), 2);
    overlay(tree.resolve("web.qcow2"), tree.resolve("patched.qcow2").toString());
    write(tree.resolve("web.qcow2"), 3);
    overlay(tree.resolve("db.qcow2"), "base.qcow2");
    write(tree.resolve("db.qcow2"), 4);
    Map<String, String> reads = new TreeMap<>();
    for (String disk : List.of("web", "db")) {
      reads.put(disk, read(tree.resolve(disk + ".qcow2"), tree));
    }
    return reads;
  }

  private static void overlay(Path image, String backing) {
    Tool.run(
        "qemu-img", "create", "-q", "-u", "-f", "qcow2", "-b", backing, "-F", "qcow2", image, "1M");
  }

  private static void write(Path image, int value) {
    Tool.run("qemu-io", "-c", "write -q -P " + value + " " + value * 100 + "k 128k", image);
  }

  private static String read(Path disk, Path tree) throws IOException {
    Path flat = tree.resolveSibling("flat.raw");
    Tool.run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", disk, flat);
    String digest = MoreFiles.asByteSource(flat).hash(Hashing.sha256()).toString();
    Files.delete(flat);
    return digest;
  }

  /** Checks that all files are adopted, or none, and returns which. */
  private static boolean check(Cli home, Path tree, Map<String, String> before) throws IOException {
    List<Object> boxes = home.jsonList("box", "ls");
    Map<String, String> reads = new TreeMap<>();
    for (Object box : boxes) {
      Map<?, ?> fields = (Map<?, ?>) box;
      reads.put("" + fields.get("box"), read(Path.of("" + fields.get("disk")), tree));
    }
    if (boxes.isEmpty()) {
      for (String disk : before.keySet()) {
        reads.put(disk, read(tree.resolve(disk + ".qcow2"), tree));
      }
    }
    assertEquals(before, reads);
    try (var left = Files.list(tree)) {
      assertEquals(boxes.isEmpty() ? 4 : 0, left.count(), "files in the tree");
    }
    Cli.Result doctor = home.run("doctor");
    assertEquals(0, doctor.code(), doctor.out());
    return !boxes.isEmpty();
  }
}
