package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.basedisk.app.HomeListing;
import io.basedisk.app.LongPath;
import io.basedisk.qcow2.os.ScratchMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A mistyped home, or one on an unmounted file system, is an error: only the commands that create a
 * home make one.
 */
class WrongHomeTest {

  /** SQLite opens 504 bytes; the longest name is {@code /db/basedisk.db-migration-lock}. */
  private static final int LONGEST_HOME = 474;

  @TempDir private Path temporary;
  private Path directory;

  @BeforeEach
  void resolve_the_directory() throws IOException {
    directory = temporary.toRealPath();
  }

  // No home.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "home show",
        "box ls",
        "box show web-1",
        "box rm web-1",
        "box rm web-1 web-2",
        "box path web-1",
        "box rename web-1 web-2",
        "box forget web-1",
        "box compact web-1",
        "snapshot create web-1 s",
        "snapshot ls web-1",
        "snapshot restore web-1 s",
        "snapshot rm web-1 s",
        "snapshot prune web-1 --keep-last 1",
        "snapshot rename web-1 s t",
        "clone web-1 web-2",
        "rootfs ls",
        "rootfs rm k",
        "rootfs prune --max-bytes 0",
        "base ls",
        "base show 00000000",
        "base rm 00000000",
        "gc",
        "gc --dry-run",
        "doctor",
        "doctor --repair",
        "tree",
        "tree nosuch",
        "du",
        "which /nosuch",
        "log",
        "log --follow",
        "--unknown-use trust-caller gc"
      })
  void every_command_but_those_that_begin_a_home_says_that_none_is_there(String command)
      throws IOException {
    Path missing = directory.resolve("not/there");
    Path empty = Files.createDirectory(directory.resolve("mount-point"));
    Map<String, String> before = HomeListing.of(directory);

    assertNoHome(new Cli(missing).run(command.split(" ")), missing + " does not exist");
    assertNoHome(new Cli(empty).run(command.split(" ")), empty + " has no db directory");
    assertEquals(before, HomeListing.of(directory));
  }

  private static void assertNoHome(Cli.Result result, String why) {
    assertEquals(4, result.code(), result.err());
    assertEquals("", result.out());
    List<String> lines = result.errors();
    assertEquals(2, lines.size(), result.err());
    assertTrue(lines.get(0).endsWith(": no home here: " + why), result.err());
    assertTrue(lines.get(1).startsWith("basedisk: hint: "), result.err());
    for (String step : List.of("box create", "basedisk home init", "mounted", "--home")) {
      assertTrue(lines.get(1).contains(step), result.err());
    }
  }

  @Test
  void a_home_behind_a_link_to_nowhere_may_not_be_mounted() throws IOException {
    Path nowhere = directory.resolve("nowhere");
    Path link = Files.createSymbolicLink(directory.resolve("link"), nowhere);

    assertNoHome(new Cli(link).run("box", "ls"), link + " is a link to nowhere");
    assertEquals(1, new Cli(link).run("box", "create", "b", "--size", "1M").code());
    assertFalse(Files.exists(nowhere));
  }

  @Test
  void a_home_that_a_crash_left_half_made_is_none_yet() throws IOException {
    Path home = Files.createDirectory(directory.resolve("home"));
    Files.createDirectory(home.resolve("bases"));
    Files.createDirectory(home.resolve("boxes"));
    assertNoHome(new Cli(home).run("box", "ls"), home + " has no db directory");

    Files.createDirectory(home.resolve("db"));
    assertNoHome(new Cli(home).run("box", "ls"), home + " has no database");
    assertFalse(Files.exists(home.resolve("db/basedisk.db")));

    assertEquals(0, new Cli(home).run("box", "create", "b", "--size", "1M").code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "box create b --size 1M",
        "base create b --kind clone_base --disks-dir %s",
        "rootfs add k %s/disk.qcow2",
        "home init"
      })
  void the_commands_that_begin_a_home_make_it(String command) {
    Cli.runAnywhere(
        Map.of("HOME", directory + "/user"),
        "image",
        "create",
        directory.resolve("disk.qcow2").toString(),
        "1M");
    Cli cli = new Cli(directory.resolve("not/there"));

    Cli.Result result = cli.run(String.format(command, directory).split(" "));

    assertEquals(0, result.code(), result.err());
    assertTrue(Files.isRegularFile(cli.home().resolve("db/basedisk.db")));
    assertEquals(0, cli.run("doctor").code());
  }

  @Test
  void commands_on_single_images_make_no_home() throws IOException {
    Cli cli = new Cli(Files.createDirectory(directory.resolve("mount-point")));
    String image = directory.resolve("image.qcow2").toString();
    String overlay = directory.resolve("overlay.qcow2").toString();

    assertEquals(0, cli.run("image", "create", image, "1M").code());
    assertEquals(0, cli.run("image", "create", overlay, "1M", "-b", image, "-F", "qcow2").code());
    assertEquals(5, cli.run("image", "read", overlay, "0", "1").code());
    assertEquals(0, cli.run("image", "check", "--repair", "leaks", image).code());

    assertEquals(1, HomeListing.of(cli.home()).size(), "the directory itself");
  }

  // A part of a home.

  @ParameterizedTest
  @ValueSource(strings = {"bases", "boxes"})
  void a_home_of_which_a_part_is_away_names_it_and_stays_as_it_is(String part) throws IOException {
    Cli cli = homeWithBase();
    Path away = cli.home().resolve(part);
    Files.move(away, directory.resolve("away"));
    Map<String, String> before = HomeListing.of(cli.home());

    for (String command : List.of("gc", "box create b --size 1M", "doctor")) {
      Cli.Result result = cli.run(command.split(" "));

      assertEquals(1, result.code(), result.err());
      assertTrue(result.errors().get(0).endsWith(": " + away + " is missing"), result.err());
      assertTrue(result.errors().get(1).contains("mounted"), result.err());
      assertFalse(Files.exists(away));
    }
    assertNotEquals(0, cli.run("home", "init").code());
    assertFalse(Files.exists(away));
    assertEquals(before, HomeListing.of(cli.home()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"db", "db/basedisk.db"})
  void a_home_without_its_store_is_refused_and_stays_as_it_is(String part) throws IOException {
    Cli cli = homeWithBase();
    Path away = cli.home().resolve(part);
    Files.move(away, directory.resolve("away"));
    Map<String, String> before = HomeListing.of(cli.home());

    for (String command : List.of("gc", "box ls", "box create b --size 1M", "doctor")) {
      Cli.Result result = cli.run(command.split(" "));

      assertEquals(3, result.code(), result.err());
      assertTrue(result.errors().get(0).contains(away + " is missing or empty"), result.err());
      assertTrue(result.errors().get(1).contains("doctor --rebuild"), result.err());
      assertFalse(Files.exists(away));
    }
    assertNotEquals(0, cli.run("home", "init").code());
    assertFalse(Files.exists(away));
    assertEquals(before, HomeListing.of(cli.home()));
  }

  @Test
  void a_new_file_system_below_a_home_is_no_sign_of_an_older_home() throws IOException {
    Path home = directory.resolve("home");
    Files.createDirectories(home.resolve("bases/lost+found"));

    assertEquals(0, new Cli(home).run("home", "init").code());
  }

  @Test
  void a_home_that_is_unmounted_and_mounted_again_has_lost_nothing() throws IOException {
    Path home = Files.createDirectory(directory.resolve("home"));
    Cli cli = new Cli(home);
    try (ScratchMount mount = ScratchMount.ofMemory(directory, 4096)) {
      Path volume = Files.createDirectory(mount.directory().resolve("volume"));
      bind(volume, home);
      cli.json("box", "create", "web-1", "--size", "1M");
      ScratchMount.run("umount", home.toString());

      assertNoHome(cli.run("gc"), home + " has no db directory");
      assertEquals(1, HomeListing.of(home).size(), "the mount point itself");

      bind(volume, home);
      assertEquals(1, cli.jsonList("box", "ls").size());
      ScratchMount.run("umount", home.toString());
    }
  }

  private static void bind(Path volume, Path mountPoint) throws IOException {
    ScratchMount.run("mount", "--bind", volume.toString(), mountPoint.toString());
  }

  private Cli homeWithBase() {
    Cli cli = new Cli(directory.resolve("home"));
    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("snapshot", "create", "web-1", "clean");
    return cli;
  }

  // Which home.

  @Test
  void the_home_is_in_the_user_s_home_directory_unless_it_is_named() {
    Path user = directory.resolve("user");

    Cli.Result result =
        Cli.runAnywhere(Map.of("HOME", user.toString()), "box", "create", "b", "--size", "1M");

    assertEquals(0, result.code(), result.err());
    assertTrue(Files.exists(user.resolve(".basedisk/boxes/b/disks/disk.qcow2")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"box ls", "box create b --size 1M", "home init", "doctor"})
  void without_a_home_directory_the_home_has_to_be_named(String command) {
    assertHomeHasToBeNamed(Map.of(), command.split(" "));
    assertHomeHasToBeNamed(Map.of("HOME", "", "BASEDISK_HOME", ""), command.split(" "));
  }

  @Test
  void an_image_is_written_only_once_it_is_known_which_home_may_manage_it() {
    Path image = directory.resolve("image.qcow2");

    assertHomeHasToBeNamed(Map.of(), "image", "create", image.toString(), "1M");

    assertFalse(Files.exists(image));
  }

  @Test
  void an_image_is_read_without_a_home() {
    Cli cli = new Cli(directory.resolve("home"));
    String image = directory.resolve("image.qcow2").toString();
    String overlay = directory.resolve("overlay.qcow2").toString();
    cli.run("image", "create", image, "1M");
    cli.run("image", "create", overlay, "1M", "-b", image, "-F", "qcow2");

    assertEquals(0, Cli.runAnywhere(Map.of(), "image", "read", image, "0", "1").code());
    Cli.Result refusal = Cli.runAnywhere(Map.of(), "image", "read", overlay, "0", "1");
    assertEquals(5, refusal.code(), refusal.err());
    assertTrue(refusal.errors().get(1).contains("--allow-backing " + image), refusal.err());
  }

  private static void assertHomeHasToBeNamed(Map<String, String> environment, String... args) {
    Cli.Result result = Cli.runAnywhere(environment, args);

    assertEquals(2, result.code(), result.err());
    assertTrue(result.errors().get(0).endsWith(": no home is named, and $HOME is not set"));
    assertEquals("basedisk: hint: give --home DIR, or set BASEDISK_HOME", result.errors().get(1));
  }

  // The length of its path.

  @Test
  void a_home_with_the_longest_path_works() throws IOException {
    Cli cli = new Cli(homeOf(LONGEST_HOME));

    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("snapshot", "create", "web-1", "clean");
    assertEquals(0, cli.run("doctor").code());

    MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
  }

  @ParameterizedTest
  @ValueSource(ints = {LONGEST_HOME + 1, 1000, 5000})
  void a_home_whose_path_is_too_long_is_2_and_not_begun(int length) {
    Path home = homeOf(length);

    assertTooLong(home, length + " bytes");
    assertEquals(1, HomeListing.of(directory).size(), "the directory itself");
  }

  @Test
  void a_home_whose_name_no_file_system_takes_is_2() {
    assertTooLong(directory.resolve("x".repeat(256)), "256 bytes");
  }

  @Test
  void a_home_whose_real_path_is_too_long_is_2() throws IOException {
    Path real = Files.createDirectories(homeOf(LONGEST_HOME + 1));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);

    assertTooLong(link, LONGEST_HOME + 1 + " bytes");
    assertTooLong(link.resolve("below"), LONGEST_HOME + 7 + " bytes");
    assertEquals(1, HomeListing.of(real).size(), "the directory itself");
  }

  private static void assertTooLong(Path home, String length) {
    for (String command : List.of("box ls", "box create b --size 1M", "home init")) {
      Cli.Result result = new Cli(home).run(command.split(" "));

      assertEquals(2, result.code(), result.err());
      assertTrue(result.errors().get(0).contains(length), result.err());
    }
  }

  private Path homeOf(int length) {
    return LongPath.below(directory, length);
  }

  // home init.

  @Test
  void home_init_makes_an_empty_home_and_prints_where() {
    Cli cli = new Cli(directory.resolve("home"));

    assertEquals(Map.of("home", cli.home().toString()), cli.json("home", "init"));
    assertEquals(List.of(), cli.jsonList("box", "ls"));
    Cli text = new Cli(directory.resolve("other"));
    assertEquals("home  " + text.home() + "\n", text.run("home", "init").out());
  }

  @Test
  void home_init_refuses_where_a_home_is_already() {
    Cli cli = homeWithBase();
    Map<String, String> before = HomeListing.of(cli.home());

    Cli.Result result = cli.run("home", "init");

    assertEquals(6, result.code(), result.err());
    assertTrue(result.err().contains(cli.home().toString()), result.err());
    assertEquals(before, HomeListing.of(cli.home()));
    assertEquals(1, cli.jsonList("box", "ls").size());
  }
}
