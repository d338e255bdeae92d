package io.basedisk.cli;

import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.EventListener;
import java.util.Locale;
import java.util.function.Consumer;

/** Prints notes and warnings about events that the result of a command does not show. */
final class Notes implements EventListener {

  private final Consumer<String> sink;
  private boolean opening = true;

  Notes(Consumer<String> sink) {
    this.sink = sink;
  }

  /**
   * Marks the end of the recovery at opening. An operation that is settled later may be the
   * command's own, and then its error describes it.
   */
  void endOfOpening() {
    opening = false;
  }

  @Override
  public void on(Event event) {
    if (event instanceof Event.CopiedForFork copied) {
      sink.accept(
          "note: "
              + copied.disk()
              + " was copied to "
              + copied.base()
              + ": the file system can't give one file both names");
    } else if (event instanceof Event.RolledBack back && opening) {
      sink.accept("note: " + describe(back.intent()) + " was interrupted, and is rolled back");
    } else if (event instanceof Event.RolledForward forward && opening) {
      sink.accept(
          "note: " + describe(forward.intent()) + " was interrupted, and is rolled forward");
    } else if (event instanceof Event.CollectionPostponed postponed) {
      sink.accept("warning: pending bases are collected later: " + postponed.reason());
    } else if (event instanceof Event.HomeUnusable home) {
      sink.accept("warning: " + home.message() + "; no command can change it");
    } else if (event instanceof Event.RemovedByName removed) {
      sink.accept(
          "note: " + removed.path() + " " + removed.what() + ": only this name was removed");
    } else if (event instanceof Event.LeftInPlace left) {
      sink.accept("warning: " + left.path() + " " + left.reason() + ": it stays there");
    } else if (event instanceof Event.NotRead notRead) {
      sink.accept(
          "warning: skipped " + notRead.file() + ", which can't be read: " + notRead.reason());
    } else if (event instanceof Event.LeftUndecided left) {
      sink.accept(
          "warning: "
              + describe(left.intent())
              + " was interrupted and can't be settled: "
              + left.reason());
    }
  }

  private static String describe(Intent intent) {
    String operation = intent.operation().label().replace('_', ' ').toLowerCase(Locale.ROOT);
    return operation
        + (intent.boxes().isEmpty() ? "" : " of " + intent.boxes().get(0).box())
        + (intent.boxes().size() > 1 ? " and " + (intent.boxes().size() - 1) + " more" : "");
  }
}
