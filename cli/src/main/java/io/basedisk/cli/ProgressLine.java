package io.basedisk.cli;

import io.basedisk.domain.port.Progress;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a long command, as a changing line on a terminal: what is done, the time that is
 * left, and the rate. Closing it clears the line.
 */
final class ProgressLine implements Progress, AutoCloseable {

  private static final int MAX_WIDTH = 79;
  private static final long MEBIBYTE = 1 << 20;

  private final @Nullable ProgressBar bar;
  private final @Nullable Line line;

  private ProgressLine(@Nullable ProgressBar bar, @Nullable Line line) {
    this.bar = bar;
    this.line = line;
  }

  /** {@return a progress that prints nothing} */
  static ProgressLine unseen() {
    return new ProgressLine(null, null);
  }

  /**
   * {@return a progress line on a terminal}
   *
   * @param columns the width of the terminal
   */
  static ProgressLine on(PrintStream terminal, int columns, String task) {
    // In the last column, some terminals start a new line.
    Line line = new Line(terminal, Math.max(1, Math.min(MAX_WIDTH, columns - 1)));
    return new ProgressLine(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setUnit(" MiB", MEBIBYTE)
            .setStyle(ProgressBarStyle.ASCII)
            .showSpeed()
            .setConsumer(line)
            .build(),
        line);
  }

  /** Clears the line, prints something else, and lets the next progress show the line again. */
  void printing(Runnable print) {
    if (line == null) {
      print.run();
    } else {
      line.printing(print);
    }
  }

  /** The line on the terminal. The bar writes it from a thread of its own. */
  private static final class Line extends ConsoleProgressBarConsumer {

    private final PrintStream terminal;
    private final int width;
    private boolean isShown;

    Line(PrintStream terminal, int width) {
      super(terminal, width);
      this.terminal = terminal;
      this.width = width;
    }

    @Override
    public synchronized void accept(String text) {
      super.accept(text);
      isShown = true;
    }

    synchronized void printing(Runnable print) {
      clear();
      print.run();
    }

    @Override
    public synchronized void clear() {
      if (isShown) {
        terminal.print("\r" + " ".repeat(width) + "\r");
        terminal.flush();
        isShown = false;
      }
    }

    @Override
    public void close() {
      clear();
    }
  }

  @Override
  public void at(long done, long total) {
    if (bar != null) {
      bar.maxHint(total);
      bar.stepTo(done);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
