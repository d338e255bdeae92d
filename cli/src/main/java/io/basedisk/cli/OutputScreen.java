package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.primitives.Ints;
import io.basedisk.cli.render.Style;
import io.basedisk.cli.render.TreeText;
import java.io.File;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * What standard output shows: whether it is a terminal, which has colours and a width.
 *
 * @param isTerminal whether it is a terminal
 * @param environment the variables {@code NO_COLOR}, {@code TERM} and {@code COLUMNS}
 */
record OutputScreen(boolean isTerminal, Map<String, String> environment) {

  /** The width of a terminal that does not tell it. */
  private static final int DEFAULT_COLUMNS = 80;

  /** A file or a pipe. */
  static final OutputScreen NONE = new OutputScreen(false, Map.of());

  /** {@return colours, if it is a terminal that has them and the user did not turn them off} */
  Style style() {
    return Style.of(
        isTerminal
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "").equals("dumb"));
  }

  /** {@return the number of characters in a line; {@link TreeText#ANY_WIDTH} for no limit} */
  int columns() {
    if (!isTerminal) {
      return TreeText.ANY_WIDTH;
    }
    return parse(environment.getOrDefault("COLUMNS", ""))
        .or(OutputScreen::askedColumns)
        .orElse(DEFAULT_COLUMNS);
  }

  /** Asks the terminal. A shell does not export COLUMNS. */
  private static Optional<Integer> askedColumns() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size").redirectInput(new File("/dev/stdout")).start();
      // Prints the numbers of rows and of columns.
      String size = new String(stty.getInputStream().readAllBytes(), US_ASCII).strip();
      return parse(size.substring(size.indexOf(' ') + 1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Integer> parse(String columns) {
    return Optional.ofNullable(Ints.tryParse(columns)).filter(number -> number > 0);
  }
}
