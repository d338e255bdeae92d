package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of all commands says what their help pages say. */
class CommandReferenceTest {

  @Test
  void the_committed_page_is_current() throws IOException {
    Path file = Path.of("../docs/commands.md");
    String page = ManualPages.reference();
    if (GoldenFiles.areWritten()) {
      Files.writeString(file, page);
    }

    String committed = Files.readString(file);
    assertTrue(
        committed.equals(page),
        () ->
            "the committed page (-) is not the current one (+)\n"
                + GoldenFiles.diff(committed, page));
  }

  @Test
  void every_command_has_a_section_with_its_arguments_and_examples() {
    String page = ManualPages.reference();

    Commands.NAMES.forEach(
        name ->
            name.nested()
                .forEach(
                    word ->
                        assertTrue(
                            page.contains("\n### " + name.name() + " " + word + "\n"),
                            name.name() + " " + word)));
    String boxCreate = page.substring(page.indexOf("\n### box create\n"));
    boxCreate = boxCreate.substring(0, boxCreate.indexOf("\n### box ls\n"));
    assertTrue(boxCreate.contains("\n| `--image FILE` | Copy the content of this image. |\n"));
    assertTrue(boxCreate.contains("\nbasedisk box create web-1 --size 10G\n"), boxCreate);
  }

  @Test
  void the_global_options_are_described_once_and_nothing_hidden_is() {
    String page = ManualPages.reference();

    String option = "| `--wait SECONDS` |";
    assertEquals(page.indexOf(option), page.lastIndexOf(option));
    assertTrue(page.contains(option));
    assertFalse(page.contains("when-locks"));
  }
}
