package io.basedisk.cli;

import io.basedisk.domain.port.Progress;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** The progress of a long command, as a changing line on a terminal. Closing it ends the line. */
final class ProgressLine implements Progress, AutoCloseable {

  private static final int WIDTH = 79;
  private static final long MEBIBYTE = 1 << 20;

  private final @Nullable ProgressBar bar;

  private ProgressLine(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /** {@return a progress that prints nothing} */
  static ProgressLine unseen() {
    return new ProgressLine(null);
  }

  /** {@return a progress line on a terminal} */
  static ProgressLine on(PrintStream terminal, String task) {
    return new ProgressLine(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setUnit(" MiB", MEBIBYTE)
            .setStyle(ProgressBarStyle.ASCII)
            .setConsumer(new ConsoleProgressBarConsumer(terminal, WIDTH))
            .build());
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
