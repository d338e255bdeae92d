package io.basedisk.cli;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts complete what the program accepts. */
class CompletionCommandTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void the_shell_accepts_its_script(String shell) throws Exception {
    assumeTrue(ShellTools.areThere(shell), shell + " is needed");

    assertEquals("", outputOf(shell, "-n", scriptFor(shell).toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void a_script_has_no_hidden_option(String shell) {
    String script = Cli.runAnywhere(Map.of(), "completion", shell).out();

    assertTrue(script.contains("unknown-use"), shell);
    assertFalse(script.contains("cant-be-asked"), shell);
  }

  @Test
  void bash_completes_commands_and_options() throws Exception {
    assertEquals(ImmutableSet.of("create"), inBash("basedisk box cr"));
    assertEquals(ImmutableSet.of("--image"), inBash("basedisk box create web-1 --im"));
    assertEquals(ImmutableSet.of("--json"), inBash("basedisk snapshot ls web-1 --js"));
  }

  @Test
  void fish_completes_the_program_with_all_commands_and_a_group_with_its_own() throws Exception {
    assumeTrue(ShellTools.areThere("fish"), "fish is needed");

    assertEquals(
        Commands.NAMES.stream().map(NamedCommand::name).collect(toImmutableSet()),
        inFish("basedisk "));
    for (NamedCommand group : Commands.NAMES) {
      if (!group.nested().isEmpty()) {
        assertEquals(
            ImmutableSet.copyOf(group.nested()),
            inFish("basedisk --home ls " + group.name() + " "));
      }
    }
  }

  @Test
  void fish_completes_options_where_they_belong_and_files_where_files_are_expected()
      throws Exception {
    assumeTrue(ShellTools.areThere("fish"), "fish is needed");
    Files.createFile(directory.resolve("disk.img"));

    assertEquals(ImmutableSet.of("--image"), inFish("basedisk box create web-1 --im"));
    assertEquals(ImmutableSet.of(), inFish("basedisk box ls --im"));
    assertEquals(ImmutableSet.of(), inFish("basedisk box show dis"));
    assertEquals(ImmutableSet.of("disk.img"), inFish("basedisk image info dis"));
    assertEquals(ImmutableSet.of("disk.img"), inFish("basedisk box create web-1 --image dis"));
  }

  @Test
  void an_unknown_shell_is_wrong_usage() {
    Cli.Result result = Cli.runAnywhere(Map.of(), "completion", "tcsh");

    result.assertError(2);
    assertTrue(result.err().contains("expected bash, zsh or fish, not 'tcsh'"), result.err());
  }

  private ImmutableSet<String> inBash(String line) throws Exception {
    String words = "COMP_WORDS=(" + line + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); ";
    String completion =
        "source '" + scriptFor("bash") + "'; compopt() { :; }; " + words + "_complete_basedisk";
    return words(
        outputOf("bash", "-c", completion + "; printf '%s\\n' \"${COMPREPLY[@]}\""), w -> w);
  }

  private ImmutableSet<String> inFish(String line) throws Exception {
    String completion = "source " + scriptFor("fish") + "; complete -C '" + line + "'";
    return words(
        outputOf("fish", "--no-config", "-c", completion),
        candidate -> Splitter.on('\t').splitToList(candidate).get(0));
  }

  private static ImmutableSet<String> words(String lines, Function<String, String> word) {
    return Splitter.on('\n')
        .trimResults()
        .omitEmptyStrings()
        .splitToStream(lines)
        .map(word)
        .collect(toImmutableSet());
  }

  private Path scriptFor(String shell) throws IOException {
    String script = Cli.runAnywhere(Map.of(), "completion", shell).out();
    return Files.writeString(directory.resolve("script." + shell), script);
  }

  /** Returns what a command prints on both streams. */
  private String outputOf(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
