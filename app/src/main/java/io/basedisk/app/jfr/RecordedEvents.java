package io.basedisk.app.jfr;

import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * The events as Flight Recorder has them, one class each. To load this registers all that are
 * committed.
 */
@SuppressWarnings("UnusedVariable") // Flight Recorder reads the fields.
final class RecordedEvents {

  private RecordedEvents() {}

  /** Commits the counterpart of an event, if a recording wants it. */
  static void commit(Event event) {
    if (event instanceof Event.Forked forked) {
      new Fork(forked).commit();
    } else if (event instanceof Event.CopiedForFork copiedForFork) {
      new CopyForFork(copiedForFork).commit();
    } else if (event instanceof Event.Copied copied) {
      new Copy(copied).commit();
    } else if (event instanceof Event.Cloned cloned) {
      new Clone(cloned).commit();
    } else if (event instanceof Event.BoxCreated boxCreated) {
      new BoxCreation(boxCreated).commit();
    } else if (event instanceof Event.BoxRegistered boxRegistered) {
      new BoxRegistration(boxRegistered).commit();
    } else if (event instanceof Event.BoxRemoved boxRemoved) {
      new BoxRemoval(boxRemoved).commit();
    } else if (event instanceof Event.RemovedByName removedByName) {
      new RemovalByName(removedByName).commit();
    } else if (event instanceof Event.LeftInPlace leftInPlace) {
      new PathLeft(leftInPlace).commit();
    } else if (event instanceof Event.Restored restored) {
      new Restore(restored).commit();
    } else if (event instanceof Event.Compacted compacted) {
      new Compaction(compacted).commit();
    } else if (event instanceof Event.RootfsAdded rootfsAdded) {
      new RootfsAddition(rootfsAdded).commit();
    } else if (event instanceof Event.RootfsAttached rootfsAttached) {
      new RootfsAttachment(rootfsAttached).commit();
    } else if (event instanceof Event.SnapshotRemoved snapshotRemoved) {
      new SnapshotRemoval(snapshotRemoved).commit();
    } else if (event instanceof Event.Collected collected) {
      new Collection(collected).commit();
    } else if (event instanceof Event.Kept kept) {
      new Keep(kept).commit();
    } else if (event instanceof Event.HomeUnusable home) {
      new UnusableHome(home).commit();
    } else if (event instanceof Event.NotRead notRead) {
      new FileNotRead(notRead).commit();
    } else if (event instanceof Event.CollectionPostponed collectionPostponed) {
      new CollectionPostponement(collectionPostponed).commit();
    } else if (event instanceof Event.Swept swept) {
      new Sweep(swept).commit();
    } else if (event instanceof Event.Repaired repaired) {
      new Repair(repaired).commit();
    } else if (event instanceof Event.Performed performed) {
      new Operation(performed).commit();
    } else if (event instanceof Event.WentBack wentBack) {
      new OperationUndone(wentBack).commit();
    } else if (event instanceof Event.WentForward wentForward) {
      new OperationCompleted(wentForward).commit();
    } else if (event instanceof Event.LeftUndecided leftUndecided) {
      new OperationUndecided(leftUndecided).commit();
    }
  }

  private static @Nullable String nameOf(@Nullable SnapshotName name) {
    return name == null ? null : name.value();
  }

  /** What all have in common: they are told once something is done, whoever did it. */
  @Category("basedisk")
  @StackTrace(false)
  private abstract static class Told extends jdk.jfr.Event {}

  /** What those have in common that tell of a disk's new base. */
  private abstract static class OfNewBase extends Told {
    @Label("Base")
    final String id;

    @Label("Box")
    final String box;

    @Label("Kind")
    final String kind;

    @Label("Name")
    final @Nullable String name;

    @Label("Disk")
    final String file;

    @Label("File length")
    @DataAmount
    final long bytes;

    OfNewBase(BaseDisk base, Path disk) {
      id = base.id().value();
      box = base.sourceBoxId().value();
      kind = base.kind().label();
      name = nameOf(base.name());
      file = disk.toString();
      bytes = base.diskInfo().sizeBytes();
    }
  }

  @Name("io.basedisk.Fork")
  @Label("Fork")
  @Description("A disk became a base and an empty overlay of it")
  private static final class Fork extends OfNewBase {
    Fork(Event.Forked event) {
      super(event.base(), event.disk());
    }
  }

  @Name("io.basedisk.Copy")
  @Label("Copy")
  @Description("A copy of a disk became a base")
  private static final class Copy extends OfNewBase {
    Copy(Event.Copied event) {
      super(event.base(), event.disk());
    }
  }

  @Name("io.basedisk.CopyForFork")
  @Label("Copy for fork")
  @Description("A disk was copied to make its base, since it can't be linked")
  private static final class CopyForFork extends Told {
    @Label("Disk")
    private final String file;

    @Label("Base's file")
    private final String base;

    CopyForFork(Event.CopiedForFork event) {
      file = event.disk().toString();
      base = event.base().toString();
    }
  }

  @Name("io.basedisk.Clone")
  @Label("Clone")
  @Description("Boxes were made of a box or of its snapshot")
  private static final class Clone extends Told {
    @Label("Base")
    private final String id;

    @Label("Source box")
    private final String box;

    @Label("Number of new boxes")
    private final int count;

    Clone(Event.Cloned event) {
      id = event.base().value();
      box = event.source().value();
      count = event.boxes().size();
    }
  }

  @Name("io.basedisk.BoxCreation")
  @Label("Box creation")
  @Description("A box was created")
  private static final class BoxCreation extends Told {
    @Label("Box")
    private final String box;

    BoxCreation(Event.BoxCreated event) {
      box = event.box().value();
    }
  }

  @Name("io.basedisk.BoxRegistration")
  @Label("Box registration")
  @Description("A box with its disks in a directory of its own became known")
  private static final class BoxRegistration extends Told {
    @Label("Box")
    private final String box;

    @Label("Disks directory")
    private final String directory;

    BoxRegistration(Event.BoxRegistered event) {
      box = event.box().value();
      directory = event.disksDir().toString();
    }
  }

  @Name("io.basedisk.BoxRemoval")
  @Label("Box removal")
  @Description("A box and its disks are gone")
  private static final class BoxRemoval extends Told {
    @Label("Box")
    private final String box;

    BoxRemoval(Event.BoxRemoved event) {
      box = event.box().value();
    }
  }

  /** What those have in common that tell of a box and of a base. */
  private abstract static class OfBoxAndBase extends Told {
    @Label("Base")
    final String id;

    @Label("Box")
    final String box;

    OfBoxAndBase(BoxId box, BaseDiskId base) {
      this.id = base.value();
      this.box = box.value();
    }
  }

  @Name("io.basedisk.Restore")
  @Label("Restore")
  @Description("A box was restored to a snapshot")
  private static final class Restore extends OfBoxAndBase {
    Restore(Event.Restored event) {
      super(event.box(), event.snapshot());
    }
  }

  @Name("io.basedisk.Compaction")
  @Label("Compaction")
  @Description("A box's disk stands on a shorter chain")
  private static final class Compaction extends OfBoxAndBase {
    Compaction(Event.Compacted event) {
      super(event.box(), event.kept());
    }
  }

  @Name("io.basedisk.RootfsAttachment")
  @Label("Rootfs attachment")
  @Description("A box was given a guest-rootfs disk")
  private static final class RootfsAttachment extends OfBoxAndBase {
    RootfsAttachment(Event.RootfsAttached event) {
      super(event.box(), event.base());
    }
  }

  @Name("io.basedisk.RootfsAddition")
  @Label("Rootfs addition")
  @Description("A rootfs was added to the cache")
  private static final class RootfsAddition extends Told {
    @Label("Base")
    private final String id;

    @Label("Key")
    private final @Nullable String name;

    @Label("File length")
    @DataAmount
    private final long bytes;

    RootfsAddition(Event.RootfsAdded event) {
      id = event.base().id().value();
      name = nameOf(event.base().name());
      bytes = event.base().diskInfo().sizeBytes();
    }
  }

  @Name("io.basedisk.SnapshotRemoval")
  @Label("Snapshot removal")
  @Description("A snapshot is one no more; its content goes when nothing needs it")
  private static final class SnapshotRemoval extends OfBoxAndBase {
    @Label("Name")
    private final @Nullable String name;

    SnapshotRemoval(Event.SnapshotRemoved event) {
      super(event.box(), event.base());
      name = nameOf(event.name());
    }
  }

  @Name("io.basedisk.Collection")
  @Label("Collection")
  @Description("A base that nothing needed is gone")
  private static final class Collection extends Told {
    @Label("Base")
    private final String id;

    @Label("Freed")
    @DataAmount
    private final long bytes;

    Collection(Event.Collected event) {
      id = event.base().value();
      bytes = event.freedBytes();
    }
  }

  @Name("io.basedisk.Keep")
  @Label("Keep")
  @Description("A base that was to be collected stays")
  private static final class Keep extends Told {
    @Label("Base")
    private final String id;

    @Label("Reason")
    private final String reason;

    Keep(Event.Kept event) {
      id = event.base().value();
      reason = event.reason().describe();
    }
  }

  @Name("io.basedisk.UnusableHome")
  @Label("Unusable home")
  @Description("A home was opened that can be read, and not be changed")
  private static final class UnusableHome extends Told {
    @Label("Problem")
    private final String problem;

    @Label("Reason")
    private final String reason;

    UnusableHome(Event.HomeUnusable event) {
      problem = event.problem().name();
      reason = event.message();
    }
  }

  @Name("io.basedisk.FileNotRead")
  @Label("File not read")
  @Description("A file could not be looked at or read, and the work went on without it")
  private static final class FileNotRead extends Told {
    @Label("File")
    private final String file;

    @Label("Reason")
    private final String reason;

    FileNotRead(Event.NotRead event) {
      file = event.file().toString();
      reason = event.reason();
    }
  }

  @Name("io.basedisk.RemovalByName")
  @Label("Removal by name")
  @Description("The name of a removed box's disk is gone, and what had it was no disk of its own")
  private static final class RemovalByName extends Told {
    @Label("Box")
    private final String box;

    @Label("Path")
    private final String file;

    @Label("What it was")
    private final String what;

    RemovalByName(Event.RemovedByName event) {
      box = event.box().value();
      file = event.path().toString();
      what = event.what();
    }
  }

  @Name("io.basedisk.PathLeft")
  @Label("Path left")
  @Description("Something is left at a path of a removed box")
  private static final class PathLeft extends Told {
    @Label("Box")
    private final String box;

    @Label("Path")
    private final String file;

    @Label("Reason")
    private final String reason;

    PathLeft(Event.LeftInPlace event) {
      box = event.box().value();
      file = event.path().toString();
      reason = event.reason();
    }
  }

  @Name("io.basedisk.CollectionPostponement")
  @Label("Collection postponement")
  @Description("What waits to be collected was left for later")
  private static final class CollectionPostponement extends Told {
    @Label("Reason")
    private final String reason;

    CollectionPostponement(Event.CollectionPostponed event) {
      reason = event.reason();
    }
  }

  @Name("io.basedisk.Sweep")
  @Label("Sweep")
  @Description("A file of the home that nobody knew is gone")
  private static final class Sweep extends Told {
    @Label("File")
    private final String file;

    @Label("Freed")
    @DataAmount
    private final long bytes;

    Sweep(Event.Swept event) {
      file = event.file().toString();
      bytes = event.freedBytes();
    }
  }

  @Name("io.basedisk.Repair")
  @Label("Repair")
  @Description("A disagreement of store, files and headers was mended")
  private static final class Repair extends Told {
    @Label("File")
    private final String file;

    @Label("What was wrong")
    private final String detail;

    @Label("What was done")
    private final String remedy;

    Repair(Event.Repaired event) {
      file = event.file().toString();
      detail = event.detail();
      remedy = event.remedy();
    }
  }

  /** What those have in common that tell of an operation: which one it was. */
  private abstract static class OfOperation extends Told {
    @Label("Operation")
    final long id;

    @Label("Kind")
    final String operation;

    @Label("First box")
    final @Nullable String box;

    @Label("Number of boxes")
    final int boxes;

    OfOperation(Intent intent) {
      id = intent.id().value();
      operation = intent.operation().label();
      box = intent.boxes().isEmpty() ? null : intent.boxes().get(0).box().value();
      boxes = intent.boxes().size();
    }
  }

  @Name("io.basedisk.Operation")
  @Label("Operation")
  @Description("An operation is complete")
  private static final class Operation extends OfOperation {
    @Label("Time taken")
    @Timespan(Timespan.NANOSECONDS)
    private final long took;

    Operation(Event.Performed event) {
      super(event.intent());
      took = event.took().toNanos();
    }
  }

  @Name("io.basedisk.OperationUndone")
  @Label("Operation undone")
  @Description("An operation whose owner died, or which failed, was undone")
  private static final class OperationUndone extends OfOperation {
    OperationUndone(Event.WentBack event) {
      super(event.intent());
    }
  }

  @Name("io.basedisk.OperationCompleted")
  @Label("Operation completed")
  @Description("An operation whose owner died, or which failed, was completed")
  private static final class OperationCompleted extends OfOperation {
    OperationCompleted(Event.WentForward event) {
      super(event.intent());
    }
  }

  @Name("io.basedisk.OperationUndecided")
  @Label("Operation undecided")
  @Description("An operation whose owner died stays as it is")
  private static final class OperationUndecided extends OfOperation {
    @Label("Reason")
    private final String reason;

    OperationUndecided(Event.LeftUndecided event) {
      super(event.intent());
      reason = event.reason();
    }
  }
}
