package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.gc.HeaderSurvey;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.intent.AdoptIntent;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.model.intent.RemoveBoxIntent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.protocol.Temporaries;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.inject.Inject;

/**
 * Drops the intents of operations that can't be settled. The disk stays as it is. The operation's
 * empty overlays under temporary names and its second names of that disk are deleted; its other
 * files stay, as orphans if they have no record. Thread-safe.
 */
final class StuckOperations {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final EventListener listener;
  private final HeaderSurvey survey;
  private final NamedBases namedBases;
  private final BaseRecording recording;
  private final RecordedLineage lineage;
  private final LogWriter log;

  @Inject
  StuckOperations(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      ImageLocks imageLocks,
      EventListener listener,
      HeaderSurvey survey,
      NamedBases namedBases,
      BaseRecording recording,
      RecordedLineage lineage,
      LogWriter log) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.images = images;
    this.imageLocks = imageLocks;
    this.listener = listener;
    this.survey = survey;
    this.namedBases = namedBases;
    this.recording = recording;
    this.lineage = lineage;
    this.log = log;
  }

  /** Drops an intent. The caller holds the lock of its operation. */
  void drop(Intent intent) {
    HeaderEvidence evidence = survey.run();
    if (!(intent instanceof AdoptIntent)) {
      // The files of an adoption have users that no header of the home shows. All of them stay.
      removeEmptyTemporaries(intent, evidence);
      removeSecondNames(intent, evidence);
    }
    store.change(
        tx -> {
          intent
              .plannedBase()
              .filter(planned -> evidence.isBackedOnto(planned.id()))
              .ifPresent(planned -> recordPlanned(tx, intent, planned));
          for (BoxClaim claim : intent.boxes()) {
            tx.boxes().find(claim.box()).ifPresent(box -> setReferences(tx, intent, box));
          }
          intent.bases().forEach(base -> release(tx, intent, base, evidence));
          log.append(tx, intent, LogEvent.SETTLED);
          tx.intents().delete(intent.id());
        });
    listener.on(
        new Event.Repaired(
            Optional.of(intent.id()),
            intent.disks().stream().map(DiskClaim::path).findFirst().orElse(home.home()),
            "operation " + intent.id() + " could not be settled",
            "drop its intent; the disk stays as it is"));
  }

  /**
   * Removes empty overlays: they hold no data, and would keep the base that the operation may have
   * made.
   */
  private void removeEmptyTemporaries(Intent intent, HeaderEvidence evidence) {
    ImmutableList<Path> empty =
        intent.createdFiles().stream()
            .filter(file -> Temporaries.operationOf(file).equals(Optional.of(intent.id())))
            .filter(this::isEmptyOverlay)
            .collect(ImmutableList.toImmutableList());
    empty.forEach(evidence::forget);
    remove(empty);
  }

  private boolean isEmptyOverlay(Path file) {
    try {
      return files.status(file).filter(status -> status.links() == 1).isPresent()
          && images.readHeader(file).backing() != null
          && images.isEmptyOverlay(file)
          && imageLocks.openedBy(file).isEmpty();
    } catch (BaseDiskException unreadable) {
      return false;
    }
  }

  private void remove(ImmutableList<Path> names) {
    names.forEach(files::remove);
    names.stream().map(Path::getParent).filter(Objects::nonNull).distinct().forEach(files::sync);
  }

  /**
   * Removes the second names that the operation gave the disk, which must have only one. Its own
   * name stays, so no data is lost.
   */
  private void removeSecondNames(Intent intent, HeaderEvidence evidence) {
    Set<Path> disks = intent.disks().stream().map(DiskClaim::path).collect(Collectors.toSet());
    Set<FileIdentity> claimed =
        disks.stream()
            .flatMap(disk -> files.status(disk).stream())
            .filter(FileStatus::isRegularFile)
            .map(FileStatus::identity)
            .collect(Collectors.toSet());
    ImmutableList<Path> second =
        intent.createdFiles().stream()
            .filter(file -> !disks.contains(file))
            .filter(
                file ->
                    files
                        .status(file)
                        .filter(status -> claimed.contains(status.identity()))
                        .isPresent())
            .filter(file -> home.baseIdOf(file).filter(evidence::isBackedOnto).isEmpty())
            .collect(ImmutableList.toImmutableList());
    remove(second);
  }

  private void recordPlanned(StoreTransaction tx, Intent intent, PlannedBase planned) {
    try {
      recording.record(
          tx,
          planned.id(),
          new BaseRecording.Plan(
              planned.sourceBoxId(), planned.name(), planned.kind(), intent.startedAt()));
    } catch (BaseDiskException notNow) {
      // It stays an orphan, and a finding of the examination says what is wrong with it.
      return;
    }
  }

  private void setReferences(StoreTransaction tx, Intent intent, Box box) {
    for (DiskSlot slot : DiskSlot.values()) {
      Path disk = box.disk(slot);
      Optional<FileStatus> status = files.status(disk).filter(FileStatus::isRegularFile);
      if (status.isPresent()) {
        setReference(tx, intent, box, slot, status.get());
      }
    }
  }

  private void setReference(
      StoreTransaction tx, Intent intent, Box box, DiskSlot slot, FileStatus status) {
    Optional<BaseDiskId> named;
    try {
      named = namedBases.of(tx, box.disk(slot));
    } catch (BaseDiskException unreadable) {
      // The recorded reference stays: the disk's base is unknown.
      return;
    }
    Optional<BaseDiskId> recorded =
        tx.references().listOf(box.id()).stream()
            .filter(reference -> reference.slot() == slot)
            .map(Reference::base)
            .findFirst();
    if (named.equals(recorded) || !isPermitted(tx, intent, box, status, recorded, named)) {
      return;
    }
    recorded.ifPresent(tx.pendingDeletes()::insertCollectPending);
    named.ifPresentOrElse(
        base -> tx.references().put(new Reference(base, box.id(), slot)),
        () -> tx.references().delete(box.id(), slot));
  }

  private boolean isPermitted(
      StoreTransaction tx,
      Intent intent,
      Box box,
      FileStatus status,
      Optional<BaseDiskId> recorded,
      Optional<BaseDiskId> named) {
    boolean isOfIntent =
        named
            .filter(
                base ->
                    intent.bases().contains(base)
                        || intent
                            .plannedBase()
                            .filter(planned -> planned.id().equals(base))
                            .isPresent())
            .filter(base -> tx.bases().find(base).isPresent())
            .isPresent();
    return isOfIntent
        || lineage.permits(tx, status, box.id(), recorded.orElse(null), named.orElse(null));
  }

  /**
   * Makes a base collect-pending that the intent kept, because it may be unneeded now. If the disk
   * is missing, or in no recorded box, it may still need the base, so a hold keeps it.
   */
  private void release(
      StoreTransaction tx, Intent intent, BaseDiskId base, HeaderEvidence evidence) {
    tx.pendingDeletes().insertCollectPending(base);
    if (intent instanceof RemoveBoxIntent removal) {
      removal.disks().forEach(disk -> hold(tx, base, disk.path()));
    }
    evidence.filesBackingOnto(base).stream()
        .filter(file -> home.baseIdOf(file).isEmpty() && Temporaries.operationOf(file).isEmpty())
        .filter(file -> tx.boxes().findByDisk(file).isEmpty())
        .forEach(file -> hold(tx, base, file));
  }

  private static void hold(StoreTransaction tx, BaseDiskId base, Path disk) {
    tx.holds().insert(new Hold(base, Hold.Reason.FORGOTTEN_BOX, disk));
  }
}
