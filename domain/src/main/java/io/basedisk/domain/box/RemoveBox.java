package io.basedisk.domain.box;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.box.Boxes.ForeignDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.home.FreeingSpace;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.RemoveBoxIntent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.Guards;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.protocol.DisksDirectories;
import io.basedisk.domain.protocol.Operations;
import io.basedisk.domain.protocol.RemoveBoxProtocol;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.inject.Inject;

/** Removes a box with its disks and, if asked, its snapshots. Thread-safe. */
final class RemoveBox {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final ImageLocks imageLocks;
  private final RegisteredDisks disks;
  private final DisksDirectories directories;
  private final Operations operations;
  private final RemoveBoxProtocol removal;
  private final Collector collector;
  private final FreeingSpace freeing;
  private final EventListener listener;
  private final LogWriter log;

  @Inject
  RemoveBox(
      BaseDiskStore store,
      DiskFiles files,
      ImageLocks imageLocks,
      RegisteredDisks disks,
      DisksDirectories directories,
      Operations operations,
      RemoveBoxProtocol removal,
      Collector collector,
      FreeingSpace freeing,
      EventListener listener,
      LogWriter log) {
    this.store = store;
    this.files = files;
    this.imageLocks = imageLocks;
    this.disks = disks;
    this.directories = directories;
    this.operations = operations;
    this.removal = removal;
    this.collector = collector;
    this.freeing = freeing;
    this.listener = listener;
    this.log = log;
  }

  /** Removes a box as {@link Boxes#remove} does. */
  CollectionReport run(BoxId box, SnapshotsOnRemoval snapshots, ForeignDisks foreign) {
    return freeing.run(() -> removeAndCollect(box, snapshots, foreign));
  }

  /** Checks that boxes can be removed, as {@link Boxes#checkRemoval} does. */
  void check(Collection<BoxId> boxes, SnapshotsOnRemoval snapshots, ForeignDisks foreign) {
    for (BoxId box : boxes) {
      Box known =
          store.read(
              view -> {
                Box found = RegisteredBoxes.require(view, box);
                SnapshotsOfBox.check(view, box, snapshots);
                directories.requireSame(view, found);
                return found;
              });
      requireDeletable(known, foreign);
      disks.requireDirectory(known.disksDir());
      // Taken and given back: this tells whether a VM runs on one of its disks.
      Guards.of(imageLocks, regularFiles(disksOf(known))).close();
    }
  }

  private static void requireDeletable(Box box, ForeignDisks foreign) {
    if (box.hasForeignDisks() && foreign == ForeignDisks.REFUSE) {
      throw new RefusedException(
          "box " + box.id() + " has disks that were there before basedisk, in " + box.disksDir(),
          new Remedy.DeleteOrForget(box.id().value()));
    }
  }

  private CollectionReport removeAndCollect(
      BoxId box, SnapshotsOnRemoval snapshots, ForeignDisks foreign) {
    Box known = store.read(view -> RegisteredBoxes.require(view, box));
    requireDeletable(known, foreign);
    disks.requireDirectory(known.disksDir());
    RemoveBoxIntent intent =
        removal.plan(
            new BoxClaim(box, known.disksDir()),
            disksOf(known),
            store.read(view -> basesOf(view, box)));
    List<BaseDisk> demoted = new ArrayList<>();
    try (Guards guards = Guards.of(imageLocks, regularFiles(intent.disks()))) {
      operations.perform(
          intent,
          tx -> {
            // This may be a repeated attempt.
            demoted.clear();
            directories.requireSame(tx, known);
            demoted.addAll(takeOut(tx, known, snapshots, intent));
          },
          () -> removal.run(intent));
    }
    demoted.forEach(
        snapshot ->
            listener.on(
                new Event.SnapshotRemoved(
                    Optional.of(intent.id()),
                    box,
                    snapshot.snapshotName().orElse(null),
                    snapshot.id())));
    return collector.collectAfter(LogWriter.causeOf(intent), HeaderEvidence::none);
  }

  /**
   * Removes the box's records.
   *
   * @return its snapshots, which are removed with it
   */
  private ImmutableList<BaseDisk> takeOut(
      StoreTransaction tx, Box box, SnapshotsOnRemoval snapshots, RemoveBoxIntent intent) {
    // Another box may have its name now, after a rename: that one stays.
    RegisteredBoxes.requireUnchanged(tx, box);
    if (!basesOf(tx, box.id()).equals(intent.bases())) {
      throw RegisteredBoxes.changed(box.id());
    }
    ImmutableList<BaseDisk> snapshotsOfBox = SnapshotsOfBox.drop(tx, box.id(), snapshots);
    tx.references().deleteOf(box.id()).forEach(tx.pendingDeletes()::insertCollectPending);
    tx.boxes().delete(box.id());
    log.append(tx, SnapshotsOfBox.logged(snapshotsOfBox, LogWriter.causeOf(intent)));
    log.append(tx, intent, LoggedChange.of(LogEvent.BOX_REMOVED));
    return snapshotsOfBox;
  }

  private ImmutableList<DiskClaim> disksOf(Box box) {
    ImmutableList.Builder<DiskClaim> claims = ImmutableList.builder();
    for (DiskSlot slot : DiskSlot.values()) {
      Path disk = box.disk(slot);
      files
          .status(disk)
          .ifPresent(status -> claims.add(new DiskClaim(slot, disk, status.identity())));
    }
    return claims.build();
  }

  /**
   * {@return the disks that are regular files: no process writes to a disk through a link, a FIFO
   * or a directory}
   */
  private ImmutableList<Path> regularFiles(ImmutableList<DiskClaim> claims) {
    return claims.stream()
        .map(DiskClaim::path)
        .filter(path -> files.status(path).filter(FileStatus::isRegularFile).isPresent())
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableSet<BaseDiskId> basesOf(StoreView view, BoxId box) {
    return view.references().listOf(box).stream()
        .map(Reference::base)
        .collect(ImmutableSet.toImmutableSet());
  }
}
