package io.basedisk.cli;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The help page and the usage errors of every command equal the committed files. */
class HelpPagesTest {

  @TempDir private Path temporary;

  @Test
  void help_pages() throws IOException {
    GoldenFiles files = new GoldenFiles(TextScenario.FILES.resolve("help"));
    for (String command : commands()) {
      files.compare(fileOf(command), Cli.runAnywhere(Map.of(), words(command + " --help")).out());
    }
    files.check();
  }

  @Test
  void usage_errors() throws IOException {
    GoldenFiles files = new GoldenFiles(TextScenario.FILES.resolve("error/usage"));
    for (String command : commands()) {
      if (!command.isEmpty()) {
        files.compare(
            fileOf(command),
            transcript(command + " --frobnicate") + transcript(command + " a b c d"));
      }
    }
    files.check();
  }

  /** Runs a command that fails, or changes nothing, in an empty home. */
  private String transcript(String command) {
    Cli.Result result =
        Cli.runAnywhere(
            Map.of("BASEDISK_HOME", temporary.resolve("home").toString()), words(command));
    return "$ basedisk "
        + command
        + "\n"
        + result.err().replace(temporary.toString(), "<dir>")
        + "[exit "
        + result.code()
        + "]\n";
  }

  private static String[] words(String command) {
    return Splitter.on(' ').omitEmptyStrings().splitToStream(command).toArray(String[]::new);
  }

  private static String fileOf(String command) {
    return (command.isEmpty() ? "basedisk" : command.replace(' ', '-')) + ".txt";
  }

  /** Returns the program, all groups and all commands. */
  private static List<String> commands() {
    List<String> all = new ArrayList<>(List.of(""));
    for (NamedCommand group : Commands.NAMES) {
      all.add(group.name());
      group
          .nested()
          .forEach(word -> all.add(Joiner.on(' ').join(Stream.of(group.name(), word).iterator())));
    }
    return all;
  }
}
