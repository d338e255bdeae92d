package io.basedisk.app;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.testing.Intents;
import io.basedisk.domain.testing.Records;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** One event of each kind. */
public final class SampleEvents {

  private static final BoxId BOX = BoxId.of("web-1");
  private static final BaseDiskId ID = new BaseDiskId("base0001");
  private static final BaseDisk BASE =
      Records.base("base0001").of("web-1").snapshot("daily").build();
  private static final Path FILE = Path.of("/boxes/web-1/disks/disk.qcow2");
  private static final OperationId OPERATION = new OperationId(5);
  private static final Intent INTENT = Intents.fork(5, "web-1", BASE);

  public static final ImmutableList<Event> ALL =
      ImmutableList.of(
          new Event.Forked(OPERATION, BASE, FILE),
          new Event.CopiedForFork(OPERATION, FILE, Records.basePath("base0001")),
          new Event.Copied(OPERATION, BASE, FILE),
          new Event.BoxCreated(OPERATION, BOX),
          new Event.BoxRegistered(OPERATION, BOX, Path.of("/boxes/web-1/disks")),
          new Event.BoxAdopted(OPERATION, BOX, Path.of("/vms/web-1.qcow2")),
          new Event.BaseAdopted(OPERATION, BASE),
          new Event.GivenBack(BASE.id()),
          new Event.Exported(OPERATION, BOX, ID),
          new Event.LayerImported(OPERATION, BASE),
          new Event.BoxImported(OPERATION, BOX, ID),
          new Event.Cloned(
              OPERATION, BOX, ID, ImmutableList.of(BoxId.of("web-2"), BoxId.of("web-3"))),
          new Event.BoxRemoved(OPERATION, BOX),
          new Event.BoxRenamed(BOX, BoxId.of("web-2")),
          new Event.BoxForgotten(BOX, Path.of("/boxes/web-1/disks")),
          new Event.RemovedByName(OPERATION, BOX, FILE, "is a symbolic link"),
          new Event.LeftInPlace(OPERATION, BOX, FILE, "is a directory that is not empty"),
          new Event.HomeUnusable(
              HomeUnusableException.Problem.ELSEWHERE, "its store was made for a home elsewhere"),
          new Event.NotRead(FILE, "permission denied"),
          new Event.Restored(OPERATION, BOX, ID),
          new Event.Compacted(OPERATION, BOX, ID),
          new Event.Resized(OPERATION, BOX, new ByteSize(1 << 30)),
          new Event.RootfsAdded(OPERATION, BASE),
          new Event.RootfsAttached(OPERATION, BOX, ID),
          new Event.SnapshotRemoved(Optional.of(OPERATION), BOX, new SnapshotName("daily"), ID),
          new Event.SnapshotRenamed(BOX, new SnapshotName("daily"), new SnapshotName("monday"), ID),
          new Event.Collected(Optional.of(OPERATION), ID, 4096),
          new Event.Kept(
              Optional.of(OPERATION),
              ID,
              new KeepReason.IsSnapshot(BOX, new SnapshotName("daily"))),
          new Event.CollectionPostponed("no space left"),
          new Event.Swept(FILE, 8192),
          new Event.Repaired(Optional.empty(), FILE, "is writable", "take that away"),
          new Event.Performed(INTENT, Duration.ofMillis(7)),
          new Event.RolledBack(INTENT),
          new Event.RolledForward(INTENT),
          new Event.LeftUndecided(INTENT, "its disk is away"));

  private SampleEvents() {}
}
