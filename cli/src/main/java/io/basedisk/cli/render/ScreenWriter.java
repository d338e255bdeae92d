package io.basedisk.cli.render;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.function.IntSupplier;

/**
 * A writer of text that may be for a terminal. Text with a layout asks it for the width and the
 * colours.
 */
public final class ScreenWriter extends PrintWriter {

  private final IntSupplier columns;
  private Style style = Style.PLAIN;

  /**
   * Creates a writer without colours.
   *
   * @param out where the text goes
   * @param columns the number of characters in a line, or {@link Text#ANY_WIDTH}. It is asked for
   *     when a text needs it, since to ask a terminal takes a while.
   */
  public ScreenWriter(Writer out, IntSupplier columns) {
    super(out, false);
    this.columns = columns;
  }

  /**
   * Sets the colours of the text that follows.
   *
   * @param colors the colours
   */
  public void use(Style colors) {
    this.style = colors;
  }

  /** {@return the colours for text on a writer} */
  static Style styleOf(PrintWriter out) {
    return out instanceof ScreenWriter screen ? screen.style : Style.PLAIN;
  }

  /** {@return the number of characters in a line on a writer} */
  static int columnsOf(PrintWriter out) {
    return out instanceof ScreenWriter screen ? screen.columns.getAsInt() : Text.ANY_WIDTH;
  }
}
