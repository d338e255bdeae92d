package io.basedisk.cli.render;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays out rows in columns that fit into the lines of a terminal. If they do not fit, times become
 * dates. Then columns become narrower, and columns that are left out on a narrow terminal go. If
 * that is not enough, each row becomes a block with a line for each cell. All other cells, such as
 * names and ids, are shown in full.
 */
final class TableLayout {

  /**
   * The columns that may change, by their headings.
   *
   * @param cut the columns that may become narrower
   * @param times the columns of times
   * @param leftOut the columns that may be left out, the first to go first
   */
  record Flexible(
      ImmutableList<String> cut, ImmutableList<String> times, ImmutableList<String> leftOut) {}

  private static final String GAP = "  ";
  private static final String CUT = "…";

  /** The least width of a column that is cut. */
  private static final int MIN_CUT = 12;

  private static final int DATE = "2026-01-31".length();

  private final List<ImmutableList<String>> rows;
  private final Flexible flexible;
  private final int[] widths;

  /**
   * @param rows the rows, the heading first
   */
  TableLayout(List<ImmutableList<String>> rows, Flexible flexible) {
    this.rows = rows;
    this.flexible = flexible;
    this.widths = new int[rows.get(0).size()];
    for (ImmutableList<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
  }

  void write(PrintWriter out) {
    Style style = ScreenWriter.styleOf(out);
    int columns = ScreenWriter.columnsOf(out);
    if (excess(columns) > 0) {
      flexible.times().forEach(time -> narrow(time, DATE));
    }
    for (String column : flexible.leftOut()) {
      if (excess(columns) > roomInCut()) {
        narrow(column, 0);
      }
    }
    if (excess(columns) > roomInCut()) {
      writeBlocks(out, style, columns);
    } else {
      cutTo(columns);
      writeColumns(out, style);
    }
  }

  private void narrow(String column, int width) {
    int index = rows.get(0).indexOf(column);
    widths[index] = Math.min(widths[index], width);
  }

  /** {@return the number of terminal columns that do not fit} */
  private int excess(int columns) {
    int length = -GAP.length();
    for (int width : widths) {
      length += width == 0 ? 0 : width + GAP.length();
    }
    return length - columns;
  }

  /** {@return the number of characters that can be cut} */
  private int roomInCut() {
    int room = 0;
    for (int i = 0; i < widths.length; i++) {
      room += mayCut(i) ? Math.max(0, widths[i] - MIN_CUT) : 0;
    }
    return room;
  }

  private boolean mayCut(int column) {
    return flexible.cut().contains(rows.get(0).get(column));
  }

  /** Makes columns narrower, the widest first, until all fit into a line. */
  private void cutTo(int columns) {
    for (int excess = excess(columns); excess > 0; excess--) {
      int widest = -1;
      for (int i = 0; i < widths.length; i++) {
        if (mayCut(i) && (widest < 0 || widths[i] > widths[widest])) {
          widest = i;
        }
      }
      widths[widest]--;
    }
  }

  private void writeColumns(PrintWriter out, Style style) {
    for (int row = 0; row < rows.size(); row++) {
      StringBuilder line = new StringBuilder();
      String padding = "";
      for (int i = 0; i < widths.length; i++) {
        if (widths[i] > 0) {
          String cell = fitted(i, rows.get(row).get(i));
          line.append(padding);
          line.append(row == 0 ? style.faint(cell) : i == 0 ? style.strong(cell) : cell);
          padding = " ".repeat(widths[i] - width(cell)) + GAP;
        }
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private String fitted(int column, String cell) {
    boolean isTime = flexible.times().contains(rows.get(0).get(column));
    return isTime && width(cell) > widths[column]
        ? cell.substring(0, DATE)
        : cut(cell, widths[column]);
  }

  private void writeBlocks(PrintWriter out, Style style, int columns) {
    ImmutableList<String> heading = rows.get(0);
    int names = 0;
    for (String name : heading.subList(1, heading.size())) {
      names = Math.max(names, width(name));
    }
    int room = Math.max(MIN_CUT, columns - 2 * GAP.length() - names);
    for (ImmutableList<String> row : rows.subList(1, rows.size())) {
      out.println(style.strong(row.get(0)));
      for (int i = 1; i < row.size(); i++) {
        String name = heading.get(i);
        String cell = mayCut(i) ? cut(row.get(i), room) : row.get(i);
        String start = GAP + style.faint(name) + " ".repeat(names - width(name)) + GAP;
        for (String line : wrapped(cell, room)) {
          out.println(start + line);
          start = " ".repeat(names + 2 * GAP.length());
        }
      }
    }
  }

  /** {@return the lines of a text, between whose words a line ends; a longer word has its own} */
  private static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : Splitter.on(' ').split(text)) {
      if (line.length() > 0 && width(line + " " + word) > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private static String cut(String cell, int width) {
    return width(cell) <= width ? cell : DisplayWidth.start(cell, width - CUT.length()) + CUT;
  }

  private static int width(String cell) {
    return DisplayWidth.of(cell);
  }
}
