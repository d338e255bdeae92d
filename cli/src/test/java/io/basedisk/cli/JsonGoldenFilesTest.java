package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every command has a golden file for its JSON. */
class JsonGoldenFilesTest {

  /** Commands that print text also with {@code --json}: their output is for a shell or a reader. */
  private static final Set<String> TEXT_ONLY = Set.of("completion", "help");

  @Test
  void every_command_has_a_file() throws IOException {
    assumeFalse(GoldenFiles.areWritten(), "the files may not be written yet");
    List<String> commands = new ArrayList<>();
    try (Stream<Path> files = Files.walk(JsonScenario.FILES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        commands.add(" " + JSON.std.mapFrom(Files.readString(file)).get("command") + " ");
      }
    }
    for (NamedCommand group : Commands.NAMES) {
      List<String> words = group.nested().isEmpty() ? List.of("") : group.nested();
      for (String word : words) {
        if (TEXT_ONLY.contains(group.name())) {
          continue;
        }
        String command = " " + (group.name() + " " + word).trim() + " ";
        // The pages of help are for people alone.
        assertTrue(
            command.equals(" help ") || commands.stream().anyMatch(line -> line.contains(command)),
            command);
      }
    }
  }
}
