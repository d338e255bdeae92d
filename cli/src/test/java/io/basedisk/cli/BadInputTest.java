package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import io.basedisk.app.HomeListing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Wrong usage, invalid names and invalid sizes fail with exit code 2 and a one-line reason, and
 * change nothing. All tests share one home, because none may change it.
 */
@TestInstance(Lifecycle.PER_CLASS)
class BadInputTest {

  private static final String TOO_LONG = "x".repeat(300);

  private Path home;
  private Cli cli;
  private Map<String, String> files;
  private Object records;

  @BeforeAll
  void make_a_home(@TempDir Path directory) throws IOException {
    home = directory.toRealPath().resolve("home");
    cli = new Cli(home);
    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("snapshot", "create", "web-1", "clean");
    files = HomeListing.of(home);
    records = records();
  }

  @AfterAll
  void the_records_are_as_they_were() {
    assertEquals(records, records());
  }

  static Stream<Arguments> wrongUsage() {
    return Stream.of(
            args("frobnicate"),
            args("box"),
            args("box", "ls", "--frobnicate"),
            args("box", "ls", "surplus"),
            args("snapshot", "create", "web-1", "s", "--mode", "magic"),
            args("snapshot", "create", "web-1", "s", "--mode"),
            args("box", "create", "b"),
            args("box", "create", "--size", "1M"),
            args("box", "create", "b", "--image", "/x", "--rootfs", "k"),
            args("box", "create", "b", "--rootfs", "k", "--base", "00000000"),
            args("box", "create", "b", "--size", "1M", "--format", "raw"),
            args("box", "create", "b", "--rootfs", "k", "--allow-backing", "/x"),
            args("box", "create", "b", "--image", "/x", "--format", "vmdk"),
            args("box", "create", "b", "--base", "../../ab"),
            args("rootfs"),
            args("rootfs", "add", "k"),
            args("rootfs", "add", "k", "/x", "--format", "vmdk"),
            args("rootfs", "rm"),
            args("rootfs", "prune"),
            args("rootfs", "prune", "--max-bytes", "-1"),
            args("rootfs", "prune", "--max-bytes", "many"),
            args("--home", "", "box", "ls"),
            args("box", "compact"),
            args("box", "compact", "web-1", "surplus"),
            args("box", "compact", "web-1", "--max-depth"),
            args("box", "compact", "web-1", "--max-depth", "0"),
            args("box", "compact", "web-1", "--max-depth", "-1"),
            args("box", "compact", "web-1", "--max-depth", "many"),
            args("box", "compact", "web-1", "--max-depth", "99999999999"),
            args("gc", "--max-depth", "8"),
            args("gc", "--compact", "--max-depth", "0"),
            args("snapshot", "restore", "web-1"),
            args("snapshot", "restore", "web-1", "clean", "--save-as"),
            args("snapshot", "rm", "web-1"),
            args("snapshot", "rm", "web-1@clean", "surplus"),
            args("snapshot", "rm", "web-1@clean", "other@clean"),
            args("snapshot", "rm", "web-1@clean", "web-1"),
            args("snapshot", "prune", "web-1"),
            args("snapshot", "prune", "web-1", "--dry-run"),
            args("snapshot", "prune", "--keep-last", "1"),
            args("snapshot", "prune", "web-1", "--keep-last", "0"),
            args("snapshot", "prune", "web-1", "--keep-daily", "-1"),
            args("snapshot", "prune", "web-1", "--keep-weekly", "many"),
            args("snapshot", "create", "web-1"),
            args("snapshot", "create", "web-1@a", "b"),
            args("snapshot", "restore", "web-1@a", "b"),
            args("snapshot", "rename", "web-1", "a"),
            args("snapshot", "rename", "web-1@a"),
            args("snapshot", "rename", "web-1@a", "b", "c"),
            args("box", "rm"),
            args("base", "rm"),
            args("box", "rename", "web-1"),
            args("box", "rename", "web-1", "a", "b"),
            args("box", "path"),
            args("box", "forget"),
            args("which"),
            args("log", "-n", "0"),
            args("log", "-n", "few"),
            args("log", "../x"),
            args("log", "web-1", "surplus"),
            args("clone", "web-1"),
            args("clone", "web-1", "b", "b"),
            args("clone", "web-1", "--count", "2"),
            args("clone", "web-1", "--prefix", "p"),
            args("clone", "web-1", "b", "--count", "2", "--prefix", "p"),
            args("clone", "web-1", "--count", "0", "--prefix", "p"),
            args("clone", "web-1", "--count", "-1", "--prefix", "p"),
            args("clone", "web-1", "--count", "many", "--prefix", "p"),
            args("clone", "web-1", "--count", "2", "--prefix", "../p"),
            args("base", "create", "web-1"),
            args("base", "create", "web-1", "--kind", "frobnicate"),
            args("base", "ls", "--kind", "frobnicate"),
            args("base", "show", "short"),
            args("base", "show", "../../ab"),
            args("tree", "--format", "frobnicate"),
            args("image", "create", "/tmp/never-made.qcow2", "1M", "-b", "/etc/hosts"),
            args("image", "create", "/tmp/never-made.qcow2", "1M", "-F", "raw"),
            args("image", "create", "/tmp/never-made.qcow2", "1M", "-b", "/x", "-F", "vmdk"))
        .map(args -> Arguments.of((Object) args));
  }

  @ParameterizedTest
  @MethodSource("wrongUsage")
  void wrong_usage_is_2(String[] args) {
    assertRefused(args);
  }

  @ParameterizedTest
  @ValueSource(strings = {"base create,--kind=KIND,BOX", "image rebase,-b=BACKING,FILE"})
  void what_is_missing_is_told_together(String line) {
    List<String> parts = Splitter.on(',').splitToList(line);
    String message = cli.run(parts.get(0).split(" ")).err();

    parts.stream().skip(1).forEach(part -> assertTrue(message.contains(part), message));
  }

  static Stream<Arguments> invalidNames() {
    return Stream.of("../x", "..", ".", "", "/", "a/b", "-x", ".x", "a b", "é", "a\n", TOO_LONG)
        .flatMap(
            name ->
                Stream.of(
                    args("box", "create", "--size", "1M", "--", name),
                    args("box", "show", "--", name),
                    args("box", "rm", "--", name),
                    args("box", "rm", "--", "web-1", name),
                    args("box", "rename", "--", "web-1", name),
                    args("box", "rename", "--", name, "web-2"),
                    args("box", "path", "--", name),
                    args("box", "forget", "--", name),
                    args("box", "compact", "--", name),
                    args("snapshot", "restore", "--", name, "clean"),
                    args("snapshot", "rm", "--", name, "clean"),
                    args("clone", "--", "web-1", name),
                    args("clone", "--", name, "b"),
                    args("tree", "--", name)))
        .map(args -> Arguments.of((Object) args));
  }

  @ParameterizedTest
  @MethodSource("invalidNames")
  void an_invalid_box_name_is_2(String[] args) {
    assertRefused(args);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "..", ".", "", "a/b", "a\\b", "-x", ".x", "a\nb", "a\u0000"})
  void an_invalid_snapshot_name_is_2(String name) {
    assertRefused("snapshot", "create", "--", "web-1", name);
    assertRefused("snapshot", "restore", "--", "web-1", name);
    assertRefused("snapshot", "restore", "web-1", "clean", "--save-as=" + name);
    assertRefused("snapshot", "rm", "--", "web-1", name);
    assertRefused("snapshot", "rm", "--", "web-1@" + name);
    assertRefused("snapshot", "rm", "--", "web-1@clean", "web-1@" + name);
    assertRefused("snapshot", "rename", "--", "web-1", "clean", name);
    assertRefused("base", "create", "web-1", "--kind", "snapshot", "--name=" + name);
    assertRefused("clone", "--", "web-1@" + name, "b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "..", ".", "", "a/b", "a\\b", "-x", ".x", "a\nb", "a\u0000"})
  void an_invalid_rootfs_key_is_2(String name) {
    assertRefused("base", "create", "web-1", "--kind", "rootfs", "--name=" + name);
    assertRefused("rootfs", "add", "--", name, "/etc/hosts");
    assertRefused("rootfs", "rm", "--", name);
    assertRefused("box", "create", "b", "--rootfs=" + name);
  }

  @ParameterizedTest
  @ValueSource(strings = {" k", "k ", "k\u00a0"})
  void a_new_rootfs_key_with_a_blank_at_its_start_or_end_is_2(String key) {
    assertRefused("rootfs", "add", "--", key, "/etc/hosts");
    assertRefused("base", "create", "web-1", "--kind", "rootfs", "--name=" + key);
  }

  @Test
  void a_snapshot_name_of_300_bytes_is_2() {
    assertRefused("snapshot", "create", "web-1", TOO_LONG);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "-1", "9E", "", "1.5", "1GB", " 1G", "9223372036854775808", "8388608T"})
  void an_invalid_size_is_2(String size) {
    assertRefused("box", "create", "b", "--size", size);
    assertRefused("box", "create", "b", "--image", "/etc/hosts", "--size", size);
    assertRefused("image", "create", "--", home.resolve("i.qcow2").toString(), size);
  }

  @Test
  void a_size_that_no_disk_can_have_is_2() {
    assertRefused("box", "create", "b", "--size", "8388607T");
  }

  @Test
  void an_unknown_policy_is_2() {
    assertRefused("--unknown-use", "hope", "box", "ls");
    assertRefused("--when-locks-cant-be-asked", "hope", "box", "ls");
  }

  private void assertRefused(String... args) {
    Cli.Result result = cli.run(args);

    result.assertError(2);
    assertEquals(files, HomeListing.of(home));
  }

  private Object records() {
    return List.of(cli.jsonList("box", "ls"), cli.jsonList("base", "ls"));
  }

  private static String[] args(String... args) {
    return args;
  }
}
