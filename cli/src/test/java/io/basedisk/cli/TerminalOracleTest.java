package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program on a terminal, which {@code script} of util-linux makes. */
class TerminalOracleTest {

  private static final String COLOR = "\u001b[";

  @TempDir private Path directory;
  private Cli cli;
  private String base;

  @BeforeEach
  void makeHome() {
    Tool.assumeInstalled("script", "stty");
    cli = new Cli(directory.resolve("home"));
    cli.json("box", "create", "web-1", "--size", "10G");
    base = (String) cli.json("snapshot", "create", "web-1", "before-upgrade").get("id");
    cli.json("clone", "web-1@before-upgrade", "web-2", "web-3", "a-clone-with-a-long-name");
  }

  /** The option of this JVM, without which newer ones print a warning of some lines. */
  private static List<String> accessOption() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--enable-native-access"))
        .toList();
  }

  /** Returns what a user sees who types {@code input}. A terminal shows this too. */
  private String onTerminal(int columns, String variables, String input, String... command)
      throws IOException, InterruptedException {
    ImmutableList<String> java =
        ImmutableList.<String>builder()
            .add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
            .addAll(accessOption())
            .add("-XX:TieredStopAtLevel=1", "-Dslf4j.internal.verbosity=ERROR")
            .add("-cp", System.getProperty("java.class.path"), Main.class.getName())
            .add("--home", cli.home().toString())
            .add(command)
            .build()
            .stream()
            .map(word -> "'" + word + "'")
            .collect(ImmutableList.toImmutableList());
    String line =
        "stty rows 50 cols " + columns + "; exec env " + variables + " " + String.join(" ", java);
    ProcessBuilder builder =
        new ProcessBuilder("script", "-q", "-e", "-c", line, "/dev/null").redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("COLUMNS", "NO_COLOR"));
    builder.environment().put("TERM", "xterm");
    builder.environment().put("SHELL", "/bin/sh");
    Process process = builder.start();
    try (OutputStream typed = process.getOutputStream()) {
      typed.write(input.getBytes(UTF_8));
      typed.flush();
      String screen = new String(process.getInputStream().readAllBytes(), UTF_8);
      return screen.replace("\r", "") + "[exit " + process.waitFor() + "]";
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80, 200})
  void tables_fit_the_terminal_and_ids_are_in_full(int columns) throws Exception {
    for (String[] command :
        List.of(
            new String[] {"box", "ls"},
            new String[] {"base", "ls"},
            new String[] {"du"},
            new String[] {"gc", "--dry-run", "--explain"})) {
      String screen = onTerminal(columns, "NO_COLOR=1", "", command);

      assertTrue(screen.endsWith("[exit 0]"), screen);
      assertTrue(screen.contains(base), screen);
      screen
          .lines()
          .filter(line -> !line.contains("allocated in"))
          .forEach(line -> assertTrue(line.length() <= columns, screen));
    }
  }

  @Test
  void colours_are_on_a_terminal_alone() throws Exception {
    assertTrue(onTerminal(80, "", "", "box", "ls").contains(COLOR));
    assertTrue(onTerminal(80, "", "", "box", "show", "nothing").contains(COLOR));
    assertFalse(onTerminal(80, "NO_COLOR=1", "", "box", "ls").contains(COLOR));
    assertFalse(onTerminal(80, "TERM=dumb", "", "box", "ls").contains(COLOR));
    assertFalse(onTerminal(80, "", "", "--color", "never", "box", "ls").contains(COLOR));
    assertFalse(cli.run("box", "ls").out().contains(COLOR));
    assertTrue(cli.run("--color", "always", "box", "ls").out().contains(COLOR));
  }

  @Test
  void a_removal_asks() throws Exception {
    String refused = onTerminal(200, "", "n\n", "box", "rm", "web-2");
    assertTrue(refused.contains("remove box web-2 with its disk "), refused);
    assertTrue(refused.endsWith("[exit 3]"), refused);
    assertEquals(4, cli.jsonList("box", "ls").size());

    String done = onTerminal(200, "", "y\n", "box", "rm", "web-2");
    assertTrue(done.contains("removed web-2"), done);
    assertEquals(3, cli.jsonList("box", "ls").size());
  }
}
