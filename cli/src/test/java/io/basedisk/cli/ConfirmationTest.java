package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that drop data ask on a terminal. */
class ConfirmationTest {

  @TempDir private Path directory;
  private Cli cli;
  private String base;

  @BeforeEach
  void makeHome() throws IOException {
    cli = new Cli(directory.resolve("home"));
    Path image = Files.write(directory.resolve("image.raw"), new byte[1 << 20]);
    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("snapshot", "create", "web-1", "clean");
    cli.json("snapshot", "create", "web-1", "newer");
    cli.json("box", "create", "web-2", "--size", "3G");
    base = (String) cli.json("base", "create", "web-2", "--kind", "clone_base").get("id");
    cli.json("box", "create", "web-3", "--size", "1M");
    cli.json("rootfs", "add", "debian", image.toString(), "--format", "raw");
    Files.createDirectories(cli.home().resolve("boxes/lost/disks"));
    Files.writeString(cli.home().resolve("boxes/lost/disks/disk.qcow2"), "lost");
  }

  /** What a user sees who answers a question. */
  private record Answered(int code, String out, String err) {}

  private Answered answering(String answer, String command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(out, err, Map.of(), true, new ByteArrayInputStream(answer.getBytes(UTF_8)));
    String[] args =
        Stream.concat(
                Stream.of("--home", cli.home().toString()),
                Splitter.on(' ').splitToStream(command.replace("BASE", base)))
            .toArray(String[]::new);
    int code = new Program(console).run(args);
    return new Answered(code, out.toString(UTF_8), err.toString(UTF_8));
  }

  private List<Object> records() {
    return List.of(cli.jsonList("box", "ls"), cli.jsonList("base", "ls"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "box rm web-2 | disk.qcow2 (virtual size 3 GiB)",
        "box rm web-1 --with-snapshots | its 2 snapshots (newer, clean)",
        "box rm web-1 web-2 web-3 --with-snapshots | 3 boxes (web-1, web-2, web-3) with their disks",
        "box rm web-1 web-2 --with-snapshots | and 2 snapshots",
        "box forget web-1 --drop-snapshots | unregister box web-1 and remove its 2 snapshots",
        "snapshot rm web-1 clean | remove snapshot clean of box web-1",
        "snapshot rm web-1 clean newer | remove 2 snapshots (clean, newer) of box web-1",
        "snapshot prune web-1 --keep-last 1 | remove snapshot clean of box web-1",
        "snapshot restore web-1 clean | drop all that was written to box web-1",
        "base rm BASE | clone_base of web-2",
        "rootfs rm debian | remove rootfs debian",
        "rootfs prune --max-bytes 0 | unused rootfs entries (debian)",
        "gc --discard-orphans --orphan-grace 0 | boxes/lost",
        "doctor --repair --accept-changed BASE | accept the changed content of base",
      })
  void without_a_yes_nothing_is_dropped(String command, String named) {
    List<Object> before = records();

    for (String answer : List.of("n\n", "\n", "")) {
      Answered answered = answering(answer, command);

      assertEquals(3, answered.code(), answered.err());
      assertTrue(answered.err().contains(named), answered.err());
      assertTrue(answered.err().contains("? [y/N] "), answered.err());
      assertTrue(answered.err().contains("not confirmed; nothing was changed"), answered.err());
      assertEquals("", answered.out());
    }
    assertEquals(before, records());
    assertTrue(Files.exists(cli.home().resolve("boxes/lost/disks/disk.qcow2")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "y | box rm web-2",
        "yes | snapshot rm web-1 clean",
        "Y | snapshot restore web-1 clean",
        "y | snapshot prune web-1 --keep-last 1",
        "y | rootfs rm debian",
        "y | --quiet gc --discard-orphans --orphan-grace 0",
      })
  void after_a_yes_the_command_runs(String answer, String command) {
    Answered answered = answering(answer + "\n", command);

    assertEquals(0, answered.code(), answered.err());
    assertTrue(answered.err().contains("[y/N]"), answered.err());
  }

  @ParameterizedTest
  @CsvSource({
    "box rm web-2 --yes",
    "box forget web-2 --drop-snapshots",
    "--json box rm web-2",
    "snapshot restore web-1 clean --save-as kept",
    "snapshot rm web-1 clean --yes",
    "snapshot prune web-1 --keep-last 1 --yes",
    "snapshot prune web-1 --keep-last 1 --dry-run",
    "snapshot prune web-1 --keep-last 2",
    "--json snapshot prune web-1 --keep-last 1",
    "rootfs prune --max-bytes 0 --yes",
    "gc",
    "gc --discard-orphans --orphan-grace 0 --dry-run",
    "gc --discard-orphans --orphan-grace 1d",
    "doctor --repair",
  })
  void a_command_does_not_ask_if_it_is_told_not_to_or_drops_nothing(String command) {
    Answered answered = answering("", command);

    assertTrue(answered.code() == 0 || answered.code() == 7, answered.err());
    assertFalse(answered.err().contains("[y/N]"), answered.err());
  }

  @ParameterizedTest
  @CsvSource({
    "box rm web-1, 3",
    "box rm nothing, 4",
    "snapshot rm web-1 nothing, 4",
    "snapshot prune nothing --keep-last 1, 4",
    "snapshot restore web-1 nothing, 4",
    "rootfs rm nothing, 4",
    "base rm none0001, 4",
  })
  void a_command_that_fails_does_not_ask(String command, int code) {
    Answered answered = answering("", command);

    assertEquals(code, answered.code(), answered.err());
    assertFalse(answered.err().contains("[y/N]"), answered.err());
  }

  @Test
  void without_a_terminal_a_command_does_not_ask() {
    Cli.Result removed = cli.run("box", "rm", "web-2");

    assertEquals(0, removed.code(), removed.err());
    assertFalse(removed.err().contains("[y/N]"), removed.err());
  }
}
