package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.primitives.Ints;
import io.basedisk.cli.render.Style;
import io.basedisk.cli.render.Text;
import java.io.File;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * What an output stream shows: whether it is a terminal, which has colours and a width.
 *
 * @param isTerminal whether it is a terminal
 * @param environment the variables {@code NO_COLOR}, {@code TERM} and {@code COLUMNS}
 * @param device the path of the stream
 */
record OutputScreen(boolean isTerminal, Map<String, String> environment, String device) {

  /** The width of a terminal that does not tell it. */
  private static final int DEFAULT_COLUMNS = 80;

  /** A file or a pipe. */
  static final OutputScreen NONE = new OutputScreen(false, Map.of());

  /** Describes standard output. */
  OutputScreen(boolean isTerminal, Map<String, String> environment) {
    this(isTerminal, environment, "/dev/stdout");
  }

  /**
   * {@return the colours}
   *
   * @param when the user's choice; {@code AUTO}: on a terminal that has them, unless {@code
   *     NO_COLOR} is set
   */
  Style style(ColorChoice when) {
    return Style.of(when == ColorChoice.ALWAYS || (when == ColorChoice.AUTO && hasColors()));
  }

  private boolean hasColors() {
    return isTerminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  /** {@return the number of characters in a line; {@link Text#ANY_WIDTH} for no limit} */
  int columns() {
    if (!isTerminal) {
      return Text.ANY_WIDTH;
    }
    return parse(environment.getOrDefault("COLUMNS", ""))
        .or(this::askedColumns)
        .orElse(DEFAULT_COLUMNS);
  }

  /** Asks the terminal. A shell does not export COLUMNS, but the launcher does. */
  private Optional<Integer> askedColumns() {
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new File(device)).start();
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
