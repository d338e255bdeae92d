package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The pages show only commands and options that exist. */
class DocumentedCommandsTest {

  /** The words after the program's name, up to the end of a simple command of a shell. */
  private static final Pattern COMMAND =
      Pattern.compile("(?<![\\w/.-])(?:\\./)?basedisk ([^|)&;'\"#\n]+)");

  private static final Splitter WORDS =
      Splitter.on(CharMatcher.whitespace()).omitEmptyStrings().trimResults();

  private final CommandLine program = ManualPages.program();

  @Test
  void every_command_in_a_page_exists_with_its_options() throws IOException {
    ImmutableList.Builder<String> wrong = ImmutableList.builder();
    for (DocumentationPage page : DocumentationPage.all()) {
      for (String command : commandsIn(page)) {
        problemOf(command)
            .ifPresent(
                problem -> wrong.add(page.file() + ": basedisk " + command + ": " + problem));
      }
    }

    assertEquals(ImmutableList.of(), wrong.build());
  }

  @Test
  void a_command_or_option_that_does_not_exist_is_found() {
    assertEquals(Optional.empty(), problemOf("--json box ls"));
    assertEquals(Optional.empty(), problemOf("--home /srv gc --dry-run"));
    assertEquals(Optional.empty(), problemOf("clone a@b c --count=3"));
    assertEquals(Optional.of("no command fly"), problemOf("fly"));
    assertEquals(Optional.of("no command fly"), problemOf("box fly web-1"));
    assertEquals(Optional.of("no option --fly"), problemOf("box ls --fly"));
    assertEquals(Optional.empty(), problemOf("export a -"));
    assertEquals(Optional.of("no option -y"), problemOf("box ls -y"));
  }

  @Test
  void commands_are_found_in_blocks_and_in_code_spans() {
    String text =
        """
        basedisk is a tool.

        ```
        $ basedisk box ls | cat
        x=$(basedisk du)
        ```

            basedisk gc --dry-run

        Run `./basedisk tree`, not `basedisk.jar`.
        """;

    assertEquals(
        ImmutableList.of("box ls ", "du", "gc --dry-run", "tree"),
        commandsIn(new DocumentationPage(Path.of("docs/made-up.md"), text)));
  }

  private static ImmutableList<String> commandsIn(DocumentationPage page) {
    return page.code().stream()
        .flatMap(code -> COMMAND.matcher(code).results())
        .map(command -> command.group(1))
        .collect(ImmutableList.toImmutableList());
  }

  private Optional<String> problemOf(String command) {
    CommandLine at = program;
    for (String word : WORDS.split(command)) {
      CommandLine next = at.getSubcommands().get(word);
      if (next != null) {
        at = next;
      } else if (word.startsWith("-") && !word.equals("-")) {
        String option = word.replaceFirst("=.*", "");
        if (!at.getCommandSpec().optionsMap().containsKey(option)) {
          return Optional.of("no option " + option);
        }
      } else if (!at.getSubcommands().isEmpty() && isNameOfACommand(word)) {
        return Optional.of("no command " + word);
      }
    }
    return Optional.empty();
  }

  /** Other words are values of global options, or placeholders such as COMMAND. */
  private static boolean isNameOfACommand(String word) {
    return CharMatcher.inRange('a', 'z').or(CharMatcher.is('-')).matchesAllOf(word);
  }
}
