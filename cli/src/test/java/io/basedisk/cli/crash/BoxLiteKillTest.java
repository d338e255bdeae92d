package io.basedisk.cli.crash;

import static io.basedisk.cli.BoxLiteHome.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.basedisk.cli.BoxLiteHome;
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
 * A process that copies a home of BoxLite is killed before one of its steps. After the next
 * command, everything is in the home, or nothing, and the home of BoxLite is as it was. The seed
 * decides which steps. Half of the homes are on another file system, if there is one.
 */
@Tag("exploration")
class BoxLiteKillTest {

  private static final int KILLS = Integer.getInteger("basedisk.adoption-kills", 8);
  private static final Path OTHER_FILE_SYSTEM = Path.of("/dev/shm");

  @TempDir private Path temporary;

  @Test
  void no_kill_of_a_copy_leaves_a_part_of_it() throws IOException, InterruptedException {
    Tool.assumeInstalled("qemu-img", "qemu-io", "mke2fs");
    System.out.println("BoxLiteKillTest: " + KILLS + " kills, -Dbasedisk.seed=" + Seed.VALUE);
    Path directory = temporary.toRealPath();
    Random random = new Random(Seed.VALUE);
    BoxLiteHome boxLite = make(directory.resolve("boxlite"));
    Map<String, String> state = boxLite.state();
    Map<String, String> reads = new TreeMap<>();
    reads.put("web", BoxLiteHome.read(boxLite.file(disk("aaa")), directory));
    reads.put("db", BoxLiteHome.read(boxLite.file(disk("bbb")), directory));
    // The first run is killed after its last step, and tells their number.
    int steps = 0;
    int adopted = 0;
    for (int i = 0; i < KILLS; i++) {
      Path home = placeOf(directory, i);
      try {
        int stop = i == 0 ? Integer.MAX_VALUE : random.nextInt(steps);
        steps =
            Math.max(steps, AdoptingProcess.kill(home, boxLite.root(), stop, AdoptingProcess.COPY));
        boolean isAdopted = check(new Cli(home), directory, reads);
        adopted += isAdopted ? 1 : 0;
        assertTrue(isAdopted || i > 0, "a complete adoption is lost");
        assertEquals(state, boxLite.state());
      } finally {
        if (Files.exists(home)) {
          MoreFiles.deleteRecursively(home, RecursiveDeleteOption.ALLOW_INSECURE);
        }
      }
    }
    System.out.println("BoxLiteKillTest: " + steps + " steps, " + adopted + " adopted");
  }

  private static BoxLiteHome make(Path root) throws IOException {
    return BoxLiteHome.at(root)
        .ext4("images/disk-images/sha256-1.ext4")
        .overlay("bases/snap0001.qcow2", "images/disk-images/sha256-1.ext4", "raw")
        .base("snap0001", "aaa", "clean", "snapshot", "bases/snap0001.qcow2")
        .overlay(disk("aaa"), "bases/snap0001.qcow2", "qcow2")
        .box("aaa", "web")
        .image(disk("bbb"))
        .box("bbb", "db");
  }

  private static Path placeOf(Path directory, int number) throws IOException {
    boolean isElsewhere = number % 2 == 1 && Files.isWritable(OTHER_FILE_SYSTEM);
    return isElsewhere
        ? Files.createTempDirectory(OTHER_FILE_SYSTEM, "basedisk-boxlite").resolve("home")
        : directory.resolve("home-" + number);
  }

  /** Checks that everything is in the home, or nothing, and returns which. */
  private static boolean check(Cli home, Path scratch, Map<String, String> expected)
      throws IOException {
    List<Object> boxes = home.jsonList("box", "ls");
    Map<String, String> reads = new TreeMap<>();
    for (Object box : boxes) {
      Map<?, ?> fields = (Map<?, ?>) box;
      reads.put(
          "" + fields.get("box"), BoxLiteHome.read(Path.of("" + fields.get("disk")), scratch));
    }
    assertEquals(boxes.isEmpty() ? Map.of() : expected, reads);
    assertEquals(boxes.isEmpty() ? 0 : 2, home.jsonList("base", "ls").size());
    for (String part : List.of("bases", "boxes")) {
      try (var left = Files.list(home.home().resolve(part))) {
        assertEquals(boxes.isEmpty() ? 0 : 2, left.count(), "files in " + part);
      }
    }
    Cli.Result doctor = home.run("doctor");
    assertEquals(0, doctor.code(), doctor.out());
    return !boxes.isEmpty();
  }
}
