package io.basedisk.cli.render;

import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Formats text: tables with a heading, and lists of named values. */
public final class Text {

  /** No limit on the length of a line. */
  public static final int ANY_WIDTH = Integer.MAX_VALUE;

  private static final String GAP = "  ";
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{IsControl}\\u2028-\\u202E\\u2066-\\u2069]");

  private Text() {}

  /** {@return the day of a time in the machine's time zone} */
  static String date(Instant time) {
    return DATE.format(time.atZone(ZoneId.systemDefault()));
  }

  /** {@return a time in the machine's time zone} */
  static String time(Instant time) {
    return TIME.format(time.atZone(ZoneId.systemDefault()));
  }

  /**
   * {@return {@code text} on one line, without control characters, and without characters that
   * start another line or turn the direction of the text after them} Names may have all of these.
   *
   * @param text the text
   */
  public static String line(String text) {
    return UNPRINTABLE.matcher(text).replaceAll("?");
  }

  /**
   * {@return {@code count} and the noun, with an s unless the count is 1}
   *
   * @param count the number of things
   * @param noun the singular
   */
  public static String count(int count, String noun) {
    return count(count, noun, noun + "s");
  }

  /** {@return {@code count} and the singular or plural} */
  static String count(int count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }

  /** A table: a heading, then rows, each column as wide as its widest cell. */
  static final class Table {

    private final List<ImmutableList<String>> rows = new ArrayList<>();
    private TableLayout.Flexible flexible =
        new TableLayout.Flexible(ImmutableList.of(), ImmutableList.of(), ImmutableList.of());

    Table(String... heading) {
      row(heading);
    }

    /** Lets columns be cut on a narrow terminal: those with paths, lists and free text. */
    Table cutting(String... columns) {
      flexible =
          new TableLayout.Flexible(
              ImmutableList.copyOf(columns), flexible.times(), flexible.leftOut());
      return this;
    }

    /** Lets times become dates on a narrow terminal. */
    Table shortening(String... times) {
      flexible =
          new TableLayout.Flexible(flexible.cut(), ImmutableList.copyOf(times), flexible.leftOut());
      return this;
    }

    /** Lets columns be left out on a narrow terminal, the first to go first. */
    Table leavingOut(String... columns) {
      flexible =
          new TableLayout.Flexible(flexible.cut(), flexible.times(), ImmutableList.copyOf(columns));
      return this;
    }

    void row(String... cells) {
      rows.add(Arrays.stream(cells).map(Text::line).collect(ImmutableList.toImmutableList()));
    }

    /** Writes the table, or {@code ifEmpty} if it has no rows. */
    void write(PrintWriter out, String ifEmpty) {
      if (rows.size() == 1) {
        out.println(ifEmpty);
      } else {
        new TableLayout(rows, flexible).write(out);
      }
    }
  }

  /** A list of named values, one per line. */
  static final class Fields {

    private final List<ImmutableList<String>> rows = new ArrayList<>();

    void field(String name, String value) {
      rows.add(ImmutableList.of(name, line(value)));
    }

    void write(PrintWriter out) {
      Style style = ScreenWriter.styleOf(out);
      int width = rows.stream().mapToInt(row -> row.get(0).length()).max().orElse(0);
      for (ImmutableList<String> row : rows) {
        String padding = " ".repeat(width - row.get(0).length());
        out.println((style.faint(row.get(0)) + padding + GAP + row.get(1)).stripTrailing());
      }
    }
  }
}
