package io.basedisk.cli;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.cli.manual.ManualPage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manual says what the help pages say. */
class ManualPagesTest {

  @TempDir private Path directory;

  @Test
  void every_command_and_every_group_has_a_page() throws Exception {
    ManualPages.main(new String[] {directory.toString()});

    ImmutableSet<String> commands =
        Commands.NAMES.stream()
            .flatMap(
                name ->
                    Stream.concat(
                        Stream.of(name.name()),
                        name.nested().stream().map(word -> name.name() + "-" + word)))
            .map(command -> "basedisk-" + command + ".1")
            .collect(toImmutableSet());
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(
          ImmutableSet.builder().addAll(commands).add("basedisk.1").build(),
          files.map(file -> file.getFileName().toString()).collect(toImmutableSet()));
    }
  }

  @Test
  void a_page_has_what_the_help_page_has() {
    String page = page("basedisk-box-create");

    for (String part :
        ImmutableList.of(
            "basedisk\\-box\\-create \\- creates a box and prints it\n",
            "[\\-\\-size=SIZE]",
            ".B \"\\-\\-image FILE\"\nCopy the content of this image.\n",
            "\nbasedisk box create web\\-1 \\-\\-size 10G\n",
            "Global options: \\-\\-home DIR",
            "basedisk\\-box(1)")) {
      assertTrue(page.contains(part), part + " in " + page);
    }
  }

  @Test
  void the_page_of_the_program_lists_commands_options_and_exit_codes_but_nothing_hidden() {
    String page = page("basedisk");

    for (String part :
        ImmutableList.of(
            ".B \"basedisk\\-box(1)\"", ".B \"\\-\\-home DIR\"", ".B \"6\"\nit exists already\n")) {
      assertTrue(page.contains(part), part + " in " + page);
    }
    assertFalse(page.contains("when\\-locks"), page);
  }

  @Test
  void man_reads_every_page_without_a_warning() throws Exception {
    assumeTrue(ShellTools.areThere("man", "groff"), "man and groff are needed");
    ManualPages.main(new String[] {directory.toString()});
    ImmutableList.Builder<String> command =
        ImmutableList.<String>builder().add("man", "--warnings", "--local-file");
    try (Stream<Path> files = Files.list(directory)) {
      files.map(Path::toString).sorted().forEach(command::add);
    }

    Process man =
        new ProcessBuilder(command.build()).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    man.getOutputStream().close();
    String warnings = new String(man.getErrorStream().readAllBytes(), UTF_8);

    assertEquals("", warnings);
    assertEquals(0, man.waitFor());
  }

  private static String page(String name) {
    return ManualPages.all().stream()
        .filter(page -> page.name().equals(name))
        .map(ManualPage::roff)
        .findFirst()
        .orElseThrow();
  }
}
