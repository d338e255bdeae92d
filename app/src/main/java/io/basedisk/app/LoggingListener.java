package io.basedisk.app;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.EventListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.stream.Stream;

/**
 * Logs each event as one line to a {@link System.Logger}. The application chooses the logging
 * system behind it.
 *
 * <p>The results of operations have the level {@code INFO}, kept bases and completed operations
 * {@code DEBUG}, and problems that a user should look at {@code WARNING}. Thread-safe.
 *
 * <pre>{@code
 * BaseDisks.builder().home(home).listener(new LoggingListener()).open();
 * }</pre>
 */
public final class LoggingListener implements EventListener {

  /** The name of the default logger. */
  public static final String LOGGER = "io.basedisk";

  /** The most boxes that a line names. A line counts the rest. */
  private static final int NAMED_BOXES = 10;

  private final Logger logger;

  /** Logs to the logger {@value #LOGGER}. */
  public LoggingListener() {
    this(System.getLogger(LOGGER));
  }

  /**
   * Logs to a given logger.
   *
   * @param logger the logger to use
   */
  public LoggingListener(Logger logger) {
    this.logger = logger;
  }

  @Override
  public void on(Event event) {
    Level level = levelOf(event);
    if (logger.isLoggable(level)) {
      logger.log(level, describe(event));
    }
  }

  private static Level levelOf(Event event) {
    if (event instanceof Event.LeftUndecided
        || event instanceof Event.CollectionPostponed
        || event instanceof Event.HomeUnusable
        || event instanceof Event.NotRead
        || event instanceof Event.LeftInPlace) {
      return Level.WARNING;
    }
    return event instanceof Event.Kept || event instanceof Event.Performed
        ? Level.DEBUG
        : Level.INFO;
  }

  /**
   * {@return the line of an event} An event of an unknown type is written by its {@code toString}.
   */
  private static String describe(Event event) {
    if (event instanceof Event.Forked forked) {
      return "forked " + forked.disk() + ": base " + forked.base().id();
    }
    if (event instanceof Event.CopiedForFork copied) {
      return "copied " + copied.disk() + " to " + copied.base() + ", since it can't be linked";
    }
    if (event instanceof Event.Copied copied) {
      return "copied " + copied.disk() + ": base " + copied.base().id();
    }
    if (event instanceof Event.BoxCreated created) {
      return "created box " + created.box();
    }
    if (event instanceof Event.BoxRegistered registered) {
      return "registered box " + registered.box() + " with its disks in " + registered.disksDir();
    }
    if (event instanceof Event.BoxAdopted adopted) {
      return "adopted box " + adopted.box() + " with its disk " + adopted.disk();
    }
    if (event instanceof Event.GivenBack given) {
      return "gave back foreign base " + given.base() + ": its file stays";
    }
    if (event instanceof Event.BaseAdopted adopted) {
      return "adopted base " + adopted.base().id() + ", " + adopted.base().diskInfo().basePath();
    }
    if (event instanceof Event.Exported exported) {
      return "exported box " + exported.box() + " with base " + exported.base() + " on top";
    }
    if (event instanceof Event.LayerImported imported) {
      return "imported a layer as base " + imported.base().id();
    }
    if (event instanceof Event.BoxImported imported) {
      return "imported box " + imported.box() + " on base " + imported.base();
    }
    if (event instanceof Event.Cloned cloned) {
      return "cloned box "
          + cloned.source()
          + " on base "
          + cloned.base()
          + ": "
          + names(cloned.boxes());
    }
    if (event instanceof Event.BoxRemoved removed) {
      return "removed box " + removed.box();
    }
    if (event instanceof Event.BoxRenamed renamed) {
      return "renamed box " + renamed.box() + " to " + renamed.newName();
    }
    if (event instanceof Event.BoxForgotten forgotten) {
      return "forgot box " + forgotten.box() + " and left its disks in " + forgotten.disksDir();
    }
    if (event instanceof Event.Restored restored) {
      return "restored box " + restored.box() + " to base " + restored.snapshot();
    }
    if (event instanceof Event.Compacted compacted) {
      return "compacted box "
          + compacted.box()
          + ": its disk now backs onto base "
          + compacted.kept();
    }
    if (event instanceof Event.Resized resized) {
      return "resized box " + resized.box() + " to " + resized.virtualSize() + " bytes";
    }
    if (event instanceof Event.RootfsAdded added) {
      return "added rootfs " + added.base().name() + ": base " + added.base().id();
    }
    if (event instanceof Event.RootfsAttached attached) {
      return "gave box " + attached.box() + " a guest-rootfs disk on base " + attached.base();
    }
    if (event instanceof Event.SnapshotRemoved removed) {
      return "removed snapshot "
          + (removed.name() == null ? removed.base() : removed.name())
          + " of box "
          + removed.box()
          + ": base "
          + removed.base();
    }
    if (event instanceof Event.SnapshotRenamed renamed) {
      return "renamed snapshot "
          + renamed.name()
          + " of box "
          + renamed.box()
          + " to "
          + renamed.newName()
          + ": base "
          + renamed.base();
    }
    return describeUpkeep(event);
  }

  private static String describeUpkeep(Event event) {
    if (event instanceof Event.Collected collected) {
      return "collected base " + collected.base() + ", freed " + collected.freedBytes() + " bytes";
    }
    if (event instanceof Event.Kept kept) {
      return "kept base " + kept.base() + ": " + kept.reason().describe();
    }
    if (event instanceof Event.NotRead notRead) {
      return "skipped " + notRead.file() + ", which can't be read: " + notRead.reason();
    }
    if (event instanceof Event.RemovedByName removed) {
      return "removed the name "
          + removed.path()
          + " of box "
          + removed.box()
          + ", which "
          + removed.what();
    }
    if (event instanceof Event.LeftInPlace left) {
      return "left " + left.path() + " of box " + left.box() + ", which " + left.reason();
    }
    if (event instanceof Event.CollectionPostponed postponed) {
      return "postponed the collection of pending bases: " + postponed.reason();
    }
    if (event instanceof Event.HomeUnusable home) {
      return home.message() + "; it can only be read";
    }
    if (event instanceof Event.Swept swept) {
      return "discarded " + swept.file() + ", freed " + swept.freedBytes() + " bytes";
    }
    if (event instanceof Event.Repaired repaired) {
      return "repaired " + repaired.file() + ": " + repaired.detail() + ": " + repaired.remedy();
    }
    if (event instanceof Event.Performed performed) {
      return "completed " + describe(performed.intent()) + " in " + performed.took();
    }
    if (event instanceof Event.RolledBack back) {
      return "rolled back " + describe(back.intent()) + ", which was interrupted";
    }
    if (event instanceof Event.RolledForward forward) {
      return "rolled forward " + describe(forward.intent()) + ", which was interrupted";
    }
    if (event instanceof Event.LeftUndecided left) {
      return "left " + describe(left.intent()) + " as it is: " + left.reason();
    }
    return event.toString();
  }

  private static String describe(Intent intent) {
    ImmutableList<BoxId> boxes =
        intent.boxes().stream().map(BoxClaim::box).collect(ImmutableList.toImmutableList());
    return "operation "
        + intent.id()
        + " ("
        + intent.operation().label()
        + (boxes.isEmpty() ? "" : " of " + names(boxes))
        + ")";
  }

  private static String names(ImmutableList<BoxId> boxes) {
    Stream<String> named = boxes.stream().limit(NAMED_BOXES).map(BoxId::value);
    Stream<String> rest =
        boxes.size() > NAMED_BOXES
            ? Stream.of((boxes.size() - NAMED_BOXES) + " more")
            : Stream.empty();
    return Joiner.on(", ").join(Stream.concat(named, rest).iterator());
  }
}
