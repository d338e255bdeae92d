package io.basedisk.app;

import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;

/** A logger that keeps its lines, each with its level. For one thread. */
final class RecordingLogger implements System.Logger {

  /** The lines so far. */
  final List<String> lines = new ArrayList<>();

  /** What was logged with a line; null where nothing was. */
  final List<Throwable> thrown = new ArrayList<>();

  /** The least level that is logged. */
  Level least = Level.ALL;

  @Override
  public String getName() {
    return "test";
  }

  @Override
  public boolean isLoggable(Level level) {
    return level.getSeverity() >= least.getSeverity();
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String message, Throwable cause) {
    lines.add(level + " " + message);
    thrown.add(cause);
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String format, Object... values) {
    lines.add(level + " " + format);
    thrown.add(null);
  }
}
