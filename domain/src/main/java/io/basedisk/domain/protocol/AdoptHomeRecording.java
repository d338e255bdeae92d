package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.domain.model.intent.AdoptHomeIntent;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.protocol.CopiedFile.Target;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.inject.Inject;

/** Records the copies of another program's disks: bases, boxes and references. Thread-safe. */
final class AdoptHomeRecording {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final EventListener listener;
  private final InstantSource clock;
  private final LogWriter log;

  @Inject
  AdoptHomeRecording(
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      EventListener listener,
      InstantSource clock,
      LogWriter log) {
    this.log = log;
    this.store = store;
    this.files = files;
    this.images = images;
    this.listener = listener;
    this.clock = clock;
  }

  /** A base's record, and the modification time of its file. */
  private record SettledBase(BaseDisk base, Instant modifiedAt) {}

  /**
   * Records everything in one transaction, and deletes the intent.
   *
   * @param copies the copies, durable and at their final paths, each base before the files that
   *     back onto it
   */
  void record(AdoptHomeIntent intent, ImmutableList<CopiedFile> copies) {
    ImmutableMap.Builder<CopiedFile, SettledBase> settled = ImmutableMap.builder();
    for (CopiedFile copy : copies) {
      if (copy.target() instanceof Target.Base base) {
        settled.put(copy, settle(base.base(), copy.createdAt()));
      }
    }
    ImmutableMap<CopiedFile, SettledBase> bases = settled.buildOrThrow();
    List<Event> events = store.write(tx -> commit(tx, intent, copies, bases));
    events.forEach(listener::on);
  }

  private SettledBase settle(PlannedBase base, Instant createdAt) {
    Path file = base.path();
    FileStatus status = files.settledStatus(file);
    return new SettledBase(
        base.recordOf(status, images.readHeader(file), createdAt), status.modifiedAt());
  }

  private List<Event> commit(
      StoreTransaction tx,
      AdoptHomeIntent intent,
      ImmutableList<CopiedFile> copies,
      ImmutableMap<CopiedFile, SettledBase> bases) {
    List<Event> events = new ArrayList<>();
    List<LoggedChange> changes = new ArrayList<>();
    for (CopiedFile copy : copies) {
      SettledBase base = bases.get(copy);
      if (base != null) {
        insert(tx, base);
        events.add(new Event.BaseAdopted(intent.id(), base.base()));
        changes.add(
            LoggedChange.of(LogEvent.BASE_ADOPTED, base.base())
                .causedBy(LogWriter.causeOf(intent))
                .detailed(copy.source().toString()));
      } else if (copy.target() instanceof Target.Disk disk) {
        insert(tx, disk, copy.createdAt());
        events.add(new Event.BoxAdopted(intent.id(), disk.box().box(), disk.box().disk()));
        changes.add(
            LoggedChange.of(LogEvent.BOX_ADOPTED)
                .causedBy(LogWriter.causeOf(intent))
                .on(disk.box().box())
                .onBase(disk.parent())
                .detailed(copy.source().toString()));
      }
    }
    log.append(tx, changes);
    tx.intents().delete(intent.id());
    return events;
  }

  private void insert(StoreTransaction tx, SettledBase settled) {
    BaseDisk base = settled.base();
    tx.bases().insert(base);
    tx.bases().putFingerprint(base.id(), new BaseFingerprint(settled.modifiedAt(), null));
    if (base.kind() == BaseDiskKind.ROOTFS) {
      tx.rootfs().put(base.id(), new RootfsEntry(null, clock.instant(), null));
    }
  }

  private static void insert(StoreTransaction tx, Target.Disk disk, Instant createdAt) {
    tx.boxes().insert(new Box(disk.box().box(), disk.box().disksDir(), createdAt));
    if (disk.parent() != null) {
      tx.references().put(new Reference(disk.parent(), disk.box().box(), DiskSlot.CONTAINER));
    }
  }
}
