package io.basedisk.domain.protocol;

import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileVersion;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.intent.AdoptIntent;
import io.basedisk.domain.model.intent.AdoptedFile;
import io.basedisk.domain.model.intent.AdoptedFile.Role;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.StoreTransaction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Records an adoption in the store: its bases, its boxes and their references. Thread-safe. */
final class AdoptRecording {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final BaseSeal seal;
  private final EventListener listener;
  private final LogWriter log;

  @Inject
  AdoptRecording(
      BaseDiskStore store, DiskFiles files, BaseSeal seal, EventListener listener, LogWriter log) {
    this.store = store;
    this.files = files;
    this.seal = seal;
    this.listener = listener;
    this.log = log;
  }

  /**
   * Seals the bases that moved into the home, records everything and deletes the intent. Repeatable
   * from the start.
   *
   * @param intent an intent whose files are at their final paths
   */
  void record(AdoptIntent intent) {
    Map<Path, FileVersion> versions = new HashMap<>();
    for (AdoptedFile file : intent.files()) {
      if (file.role() instanceof Role.Base base) {
        versions.put(
            file.finalPath(),
            file.move() == null ? file.version() : secured(intent, file, base.id()));
      }
    }
    List<Event> events = store.write(tx -> commit(tx, intent, versions));
    events.forEach(listener::on);
  }

  /** Seals a base's file, makes it durable and returns its version. */
  private FileVersion secured(AdoptIntent intent, AdoptedFile file, BaseDiskId id) {
    PlannedBase planned =
        new PlannedBase(
            id, file.finalPath(), BoxId.GLOBAL, null, BaseDiskKind.CLONE_BASE, file.parent());
    seal.seal(planned, file.finalPath(), file.parent(), intent.startedAt());
    return files.settledStatus(file.finalPath()).version();
  }

  private List<Event> commit(
      StoreTransaction tx, AdoptIntent intent, Map<Path, FileVersion> versions) {
    List<Event> events = new ArrayList<>();
    List<LoggedChange> changes = new ArrayList<>();
    Map<BaseDiskId, BaseDiskId> recordedSince = new HashMap<>();
    for (AdoptedFile file : intent.files()) {
      BaseDiskId parent = parentOf(file, recordedSince);
      if (file.role() instanceof Role.Base base) {
        Optional<BaseDisk> there = tx.bases().findByPath(file.finalPath());
        if (there.isPresent()) {
          // Another operation has recorded this foreign base since.
          recordedSince.put(base.id(), there.get().id());
          continue;
        }
        FileVersion version = versions.getOrDefault(file.finalPath(), file.version());
        BaseDisk record = file.toBase(base.id(), parent, version.length(), intent.startedAt());
        tx.bases().insert(record);
        tx.bases().putFingerprint(base.id(), new BaseFingerprint(version.modifiedAt(), null));
        events.add(new Event.BaseAdopted(intent.id(), record));
        changes.add(
            LoggedChange.of(LogEvent.BASE_ADOPTED, record)
                .causedBy(LogWriter.causeOf(intent))
                .detailed(file.finalPath().toString()));
      } else if (file.role() instanceof Role.BoxDisk disk) {
        recordBox(tx, intent, file, disk.box(), parent);
        events.add(new Event.BoxAdopted(intent.id(), disk.box(), file.finalPath()));
        changes.add(
            LoggedChange.of(LogEvent.BOX_ADOPTED)
                .causedBy(LogWriter.causeOf(intent))
                .on(disk.box())
                .onBase(parent)
                .detailed(file.finalPath().toString()));
      }
    }
    log.append(tx, changes);
    tx.intents().delete(intent.id());
    return events;
  }

  private static @Nullable BaseDiskId parentOf(
      AdoptedFile file, Map<BaseDiskId, BaseDiskId> recordedSince) {
    BaseDiskId parent = file.parent();
    return parent == null ? null : recordedSince.getOrDefault(parent, parent);
  }

  private void recordBox(
      StoreTransaction tx,
      AdoptIntent intent,
      AdoptedFile file,
      BoxId box,
      @Nullable BaseDiskId parent) {
    tx.boxes().insert(file.toBox(box, intent.startedAt()));
    files
        .status(file.finalDirectory())
        .map(FileStatus::identity)
        .ifPresent(directory -> tx.boxes().putDirectoryInode(box, directory.inode()));
    if (parent != null) {
      tx.references().put(new Reference(parent, box, DiskSlot.CONTAINER));
    }
  }
}
