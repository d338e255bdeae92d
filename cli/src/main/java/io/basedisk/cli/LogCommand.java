package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.LogDocuments;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.LogEntry;
import io.basedisk.domain.model.LogFilter;
import io.basedisk.domain.port.LogView;
import java.time.Duration;

/** {@code basedisk log}. */
final class LogCommand extends Command {

  private static final Duration PAUSE = Duration.ofMillis(500);

  /** How many entries {@code --follow} begins with. */
  private static final int BEGINNING = 10;

  private final Argument<BoxId> box =
      takes.optionalParameter(
          "BOX",
          BoxId::of,
          "Only the entries of this box. It may be removed since; after 'box rename', the entries"
              + " before have the old name.");

  private final Argument<Integer> limit =
      takes.option(
          ImmutableList.of("-n", "--limit"),
          "N",
          Numbers::oneOrMore,
          "Only the newest N entries. Default: all, or 10 with --follow.");

  private final Argument<Boolean> follow =
      takes.flag(
          ImmutableList.of("-f", "--follow"),
          "Print new entries as they come, until the program is stopped.");

  LogCommand(RootCommand root) {
    super(
        root,
        "Prints what was changed in the home, when, and by which operation, oldest first.",
        "An entry is written in the transaction that makes the change: it exists if and only if the"
            + " change happened. The log keeps at least the newest "
            + LogView.KEPT
            + " entries. A collection after an operation has the operation's name and id. An"
            + " operation on more than 100 boxes has an entry for each 100. 'doctor --rebuild'"
            + " begins a new log.",
        "",
        "--json: a list of time, operation, id (of the operation), box, boxes (all, if there are"
            + " several), event, base_id, name, detail, number. With --follow, one such object on"
            + " each line.");
    examples("  basedisk log web-1", "  basedisk log -n 20", "  basedisk --json log --follow");
  }

  @Override
  public Integer call() {
    LogFilter filter = LogFilter.ALL.on(box.orNull());
    return follow.or(false)
        ? root.runWork(disks -> follow(disks, filter))
        : root.run(
            disks ->
                new LogDocuments.Many(
                    disks.log().list(filter.newest(limit.or(Integer.MAX_VALUE))), filter));
  }

  /** Prints entries until a signal ends the program, or the reader closes standard output. */
  private int follow(BaseDisks disks, LogFilter filter) {
    ImmutableList<LogEntry> entries = disks.log().list(filter.newest(limit.or(BEGINNING)));
    long last = 0;
    while (true) {
      for (LogEntry entry : entries) {
        root.print(new LogDocuments.One(entry, filter));
        root.console().flush();
        last = entry.number();
      }
      if (!pause()) {
        return ExitCode.DONE.number();
      }
      entries = disks.log().list(filter.after(last));
    }
  }

  /** Waits, and returns whether the wait was not interrupted. */
  private static boolean pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
      return true;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
