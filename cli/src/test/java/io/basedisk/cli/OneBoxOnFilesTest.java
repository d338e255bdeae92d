package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No act of a box's owner on that box stops commands on the home, on real files. */
final class OneBoxOnFilesTest {

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  /** Shell commands that run in the disks directory of the box "bad". */
  private static final String LINK_TO_ITSELF = "rm disk.qcow2; ln -s disk.qcow2 disk.qcow2";

  private static final String LINK_TO_ANOTHER = "ln -sf ../../good/disks/disk.qcow2 disk.qcow2";
  private static final String FIFO = "rm disk.qcow2; mkfifo disk.qcow2";
  private static final String DIRECTORY = "rm disk.qcow2; mkdir disk.qcow2";
  private static final String FULL_DIRECTORY = "rm disk.qcow2; mkdir -p disk.qcow2/content";
  private static final String SECOND_NAME = "ln disk.qcow2 other.qcow2";
  private static final String DIRECTORY_IS_LINK =
      "cd ..; mv disks ../../elsewhere; ln -s ../../elsewhere disks";
  private static final String BOX_IS_LINK = "cd ../..; mv bad ../elsewhere; ln -s ../elsewhere bad";
  private static final String TEMPORARY_IS_DIRECTORY = "mkdir -p .disk.qcow2.5.tmp/content";
  private static final String DISKS_OF_NOTHING_IS_LINK =
      "mkdir ../../l2 ../../../elsewhere; ln -s ../../elsewhere ../../l2/disks";
  private static final String NAME_IS_NO_TEXT =
      "n=$(printf '\\377'); mkdir -p ../../\"$n\"/disks; : > \".$n.5.tmp\";"
          + " : > ../../../bases/\".$n.5.tmp\"; : > ../../../bases/\"$n\"";

  @TempDir Path directory;
  private Cli cli;

  @BeforeEach
  void aHome() throws IOException {
    cli = home(directory.toRealPath().resolve("home"));
  }

  private static Cli home(Path path) {
    Cli cli = new Cli(path);
    for (String box : List.of("bad", "good")) {
      cli.json("box", "create", box, "--size", "1M");
      cli.json("snapshot", "create", box, "daily");
      cli.json("base", "create", box, "--kind", "clone_base");
      cli.json("base", "create", box, "--kind", "clone_base");
    }
    return cli;
  }

  private static Path disks(Cli cli, String box) {
    return cli.home().resolve("boxes").resolve(box).resolve("disks");
  }

  private static void happens(Cli cli, String accident) {
    Tool.run("sh", "-c", "cd \"$1\" && " + accident, "sh", disks(cli, "bad"));
  }

  private static void assertSucceeds(Cli cli, String... command) {
    Cli.Result result = cli.run(command);
    assertEquals(0, result.code(), () -> String.join(" ", command) + ": " + result.err());
  }

  private static void assertHomeWorks(Cli cli) {
    assertSucceeds(cli, "gc", "--dry-run");
    assertSucceeds(cli, "gc", "--discard-orphans", "--orphan-grace", "0s");
    assertSucceeds(cli, "gc", "--compact", "--max-depth", "1");
    assertEquals(2, cli.jsonList("box", "ls").size());
    assertSucceeds(cli, "tree");
    assertSucceeds(cli, "du");
    assertSucceeds(cli, "rootfs", "prune", "--max-bytes", "0");
    int doctor = cli.run("doctor", "--deep", "--repair").code();
    assertTrue(doctor == 0 || doctor == 7, () -> "doctor: " + doctor);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LINK_TO_ITSELF,
        LINK_TO_ANOTHER,
        FIFO,
        DIRECTORY,
        FULL_DIRECTORY,
        SECOND_NAME,
        DIRECTORY_IS_LINK,
        BOX_IS_LINK,
        TEMPORARY_IS_DIRECTORY,
        DISKS_OF_NOTHING_IS_LINK,
        NAME_IS_NO_TEXT
      })
  void every_command_on_the_home_completes(String accident) {
    List<Object> bases = cli.jsonList("base", "ls", "--box", "bad");
    happens(cli, accident);
    assertHomeWorks(cli);
    if (!accident.equals(TEMPORARY_IS_DIRECTORY)
        && !accident.equals(DISKS_OF_NOTHING_IS_LINK)
        && !accident.equals(NAME_IS_NO_TEXT)) {
      assertEquals(bases, cli.jsonList("base", "ls", "--box", "bad"));
    }
  }

  @Test
  void a_time_that_java_can_not_represent_stops_nothing() throws IOException {
    assumeTrue(Files.isWritable(SHARED_MEMORY), "no file system with such times");
    Path scratch = Files.createTempDirectory(SHARED_MEMORY, "basedisk-test");
    try {
      Cli there = home(scratch.resolve("home"));
      happens(there, "touch -d @9000000000000000000 disk.qcow2");
      assertHomeWorks(there);
      happens(there, "touch -d @-9000000000000000000 disk.qcow2");
      assertHomeWorks(there);
      assertSucceeds(there, "snapshot", "create", "bad", "weekly");
      assertSucceeds(there, "box", "rm", "bad", "--with-snapshots");
    } finally {
      MoreFiles.deleteRecursively(scratch, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {LINK_TO_ITSELF, LINK_TO_ANOTHER, FIFO, DIRECTORY, SECOND_NAME})
  void the_box_is_removed_with_what_is_at_its_disk_by_name(String accident) throws IOException {
    byte[] other = Files.readAllBytes(disks(cli, "good").resolve("disk.qcow2"));
    happens(cli, accident);
    Cli.Result result = cli.run("box", "rm", "bad", "--with-snapshots");
    assertEquals(0, result.code(), result.err());
    assertTrue(result.err().contains("note: " + disks(cli, "bad")), result.err());
    assertFalse(Files.exists(disks(cli, "bad").resolve("disk.qcow2"), LinkOption.NOFOLLOW_LINKS));
    assertArrayEquals(other, Files.readAllBytes(disks(cli, "good").resolve("disk.qcow2")));
    assertEquals(1, cli.jsonList("box", "ls").size());
    // The directory of the disk's other name belongs to no box now.
    assertEquals(accident.equals(SECOND_NAME) ? 7 : 0, cli.run("doctor").code());
  }

  @Test
  void the_box_is_removed_and_the_content_of_a_directory_at_its_disk_stays() {
    happens(cli, FULL_DIRECTORY);
    Cli.Result result = cli.run("box", "rm", "bad", "--with-snapshots");
    assertEquals(0, result.code(), result.err());
    assertTrue(result.err().contains("is a directory that is not empty"), result.err());
    assertTrue(Files.isDirectory(disks(cli, "bad").resolve("disk.qcow2").resolve("content")));
    assertEquals(1, cli.jsonList("box", "ls").size());
  }

  @ParameterizedTest
  @ValueSource(strings = {DIRECTORY_IS_LINK, BOX_IS_LINK})
  void a_directory_that_is_a_link_is_refused_and_can_be_put_back(String accident) {
    happens(cli, accident);
    for (String[] command :
        List.of(
            new String[] {"box", "rm", "bad", "--with-snapshots"},
            new String[] {"snapshot", "create", "bad", "weekly"},
            new String[] {"snapshot", "restore", "bad", "daily"},
            new String[] {"clone", "bad", "clone"})) {
      Cli.Result result = cli.run(command);
      assertEquals(3, result.code(), () -> String.join(" ", command) + ": " + result.err());
      assertTrue(result.err().contains("is a symbolic link"), result.err());
    }
    Path link = accident.equals(BOX_IS_LINK) ? disks(cli, "bad").getParent() : disks(cli, "bad");
    Tool.run("rm", link);
    Tool.run("mv", cli.home().resolve("elsewhere"), link);
    assertSucceeds(cli, "box", "rm", "bad", "--with-snapshots");
    assertEquals(0, cli.run("doctor").code());
  }

  @ParameterizedTest
  @ValueSource(strings = {LINK_TO_ITSELF, LINK_TO_ANOTHER, FIFO, DIRECTORY, SECOND_NAME})
  void every_other_command_on_the_box_refuses_it_by_name(String accident) throws IOException {
    byte[] other = Files.readAllBytes(disks(cli, "good").resolve("disk.qcow2"));
    happens(cli, accident);
    for (String[] command :
        List.of(
            new String[] {"snapshot", "create", "bad", "weekly"},
            new String[] {"snapshot", "create", "bad", "weekly", "--mode", "copy"},
            new String[] {"snapshot", "restore", "bad", "daily"},
            new String[] {"base", "create", "bad", "--kind", "clone_base"},
            new String[] {"box", "compact", "bad", "--max-depth", "1"},
            new String[] {"clone", "bad", "clone"},
            new String[] {"clone", "bad@daily", "clone"})) {
      Cli.Result result = cli.run(command);
      assertEquals(3, result.code(), () -> String.join(" ", command) + ": " + result.err());
      assertTrue(
          result.err().contains(disks(cli, "bad").resolve("disk.qcow2") + ": "), result.err());
    }
    assertArrayEquals(other, Files.readAllBytes(disks(cli, "good").resolve("disk.qcow2")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chown 0 disk.qcow2; chmod 600 disk.qcow2",
        "chown 0 .; chmod 700 .",
        "chown 0 ..; chmod 700 ..",
      })
  void what_the_user_may_not_read_stops_nothing(String accident, @TempDir Path classes)
      throws IOException, InterruptedException {
    OtherUser user = OtherUser.prepare(classes);
    Tool.run("chown", "-R", OtherUser.ID, cli.home());
    Tool.run("chmod", "755", directory);
    happens(cli, accident);
    for (String[] command :
        List.of(
            new String[] {"gc", "--discard-orphans", "--orphan-grace", "0s"},
            new String[] {"gc", "--compact", "--max-depth", "1"},
            new String[] {"box", "ls"},
            new String[] {"tree"},
            new String[] {"du"},
            new String[] {"rootfs", "prune", "--max-bytes", "0"})) {
      Cli.Result result = user.run(cli.home(), command);
      assertEquals(0, result.code(), () -> String.join(" ", command) + ": " + result.err());
    }
    Cli.Result doctor = user.run(cli.home(), "doctor");
    assertEquals(7, doctor.code(), doctor::toString);
    assertTrue(doctor.out().contains("bad"), doctor.out());
    assertEquals(3, cli.jsonList("base", "ls", "--box", "bad").size());
  }
}
