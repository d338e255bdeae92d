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

    Table(String... heading) {
      row(heading);
    }

    void row(String... cells) {
      rows.add(Arrays.stream(cells).map(Text::line).collect(ImmutableList.toImmutableList()));
    }

    /** Writes the table, or {@code ifEmpty} if it has no rows. */
    void write(PrintWriter out, String ifEmpty) {
      if (rows.size() == 1) {
        out.println(ifEmpty);
      } else {
        writeColumns(out, rows);
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
      writeColumns(out, rows);
    }
  }

  private static void writeColumns(PrintWriter out, List<ImmutableList<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (ImmutableList<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    for (ImmutableList<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - width(row.get(i))));
        line.append(GAP);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
