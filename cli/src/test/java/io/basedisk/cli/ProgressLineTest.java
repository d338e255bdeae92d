package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A progress line on a terminal leaves nothing behind. */
class ProgressLineTest {

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Console console(int columns) {
    return new Console(
        new ByteArrayOutputStream(),
        err,
        Map.of("COLUMNS", String.valueOf(columns), "NO_COLOR", "1"),
        true);
  }

  /** Returns the last text of each line on the screen. */
  private String screen() {
    StringBuilder screen = new StringBuilder();
    for (String line : Splitter.on('\n').split(err.toString(UTF_8))) {
      char[] cells = " ".repeat(200).toCharArray();
      int at = 0;
      for (int i = 0; i < line.length(); i++) {
        if (line.charAt(i) == '\r') {
          at = 0;
        } else {
          cells[at++] = line.charAt(i);
        }
      }
      screen.append(String.valueOf(cells).stripTrailing()).append('\n');
    }
    return screen.toString().stripTrailing();
  }

  @Test
  void a_note_takes_the_place_of_the_line() {
    Console console = console(80);
    try (ProgressLine progress = console.progress("copy")) {
      progress.at(1 << 20, 4 << 20);
      console.note("note: something happened");
    }
    console.error("it failed");

    assertTrue(err.toString(UTF_8).contains("copy"), screen());
    assertEquals("basedisk: note: something happened\nbasedisk: it failed", screen());
  }

  @Test
  void the_line_has_the_rate() {
    try (ProgressLine progress = console(80).progress("copy")) {
      progress.at(1 << 20, 4 << 20);
    }

    assertTrue(err.toString(UTF_8).contains("MiB/s"), err::toString);
  }

  @Test
  void the_line_fits_the_terminal() {
    try (ProgressLine progress = console(40).progress("copy")) {
      progress.at(1 << 20, 4 << 20);
    }

    for (String part : Splitter.on('\r').split(err.toString(UTF_8))) {
      assertTrue(part.length() < 40, part);
    }
  }
}
