package io.basedisk.domain.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the text of a module below the command line must keep to: it names no command and no option,
 * since an embedder's users have none. An error carries what can be done as a {@link
 * io.basedisk.domain.error.Remedy}. Each such module extends this; Maven runs it in the module's
 * directory.
 */
public abstract class NoCommandsContract {

  private static final Path SOURCES = Path.of("src/main/java");

  /** A comment, or a text block, string or character, whose content is group 1. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "/\\*.*?\\*/|//[^\\n]*"
              + "|\"\"\"(.*?)\"\"\""
              + "|\"([^\"\\\\\\n]*(?:\\\\.[^\"\\\\\\n]*)*)\"(?:\\s*\\+\\s*(?=\"))?"
              + "|'(?:\\\\.|[^'\\\\])[^']*'",
          Pattern.DOTALL);

  private static final ImmutableList<Pattern> COMMANDS =
      ImmutableList.of(
          // An option.
          Pattern.compile("(?<![\\w-])--[a-z]"),
          Pattern.compile("(?<!\\w)-[a-zA-Z](?= |$)"),
          // The program, or another one, with a command.
          Pattern.compile("\\bbasedisk [a-z]"),
          Pattern.compile("\\bqemu-img\\b"),
          Pattern.compile("`"),
          // Commands that no sentence would have.
          Pattern.compile("\\bgc\\b|\\bdoctor\\b"),
          Pattern.compile("\\bhome (relocate|show|init)\\b"),
          Pattern.compile("\\b(box|snapshot|base|rootfs) (rm|ls|create|show|prune|compact)\\b"),
          Pattern.compile("\\bimage (check|rebase|convert|info|map|measure|compare)\\b"));

  @Test
  void text_names_no_command_and_no_option() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        textsOf(Files.readString(file)).stream()
            .filter(NoCommandsContract::namesCommand)
            .forEach(text -> found.add(SOURCES.relativize(file) + ": " + text));
      }
    }
    assertEquals(List.of(), found);
  }

  private static boolean namesCommand(String text) {
    return COMMANDS.stream().anyMatch(command -> command.matcher(text).find());
  }

  /** Returns the strings of a source file; those that are concatenated directly are one. */
  private static List<String> textsOf(String source) {
    List<String> texts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (MatchResult token : TOKEN.matcher(source).results().toList()) {
      if (token.group(1) != null) {
        texts.add(token.group(1));
      } else if (token.group(2) != null) {
        text.append(token.group(2));
        if (token.group().endsWith("\"")) {
          texts.add(text.toString());
          text.setLength(0);
        }
      }
    }
    return texts;
  }
}
