package io.basedisk.domain.doctor;

import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;

/**
 * Tells whether a directory that is not the recorded one has the disks of its box, because they
 * were copied or moved with it. Thread-safe.
 */
final class DirectoryMatch {

  private final DiskFiles files;
  private final NamedBases namedBases;

  @Inject
  DirectoryMatch(DiskFiles files, NamedBases namedBases) {
    this.files = files;
    this.namedBases = namedBases;
  }

  /**
   * {@return whether the directory at the path of a box's disks has a container disk, every disk
   * backs onto its recorded base, and no other box has that directory under another path}
   */
  boolean hasDisksOf(StoreView view, Box box) {
    if (files.status(box.disk(DiskSlot.CONTAINER)).isEmpty() || isOfAnotherBox(view, box)) {
      return false;
    }
    for (DiskSlot slot : DiskSlot.values()) {
      if (!standsOnRecorded(view, box, slot)) {
        return false;
      }
    }
    return true;
  }

  private boolean standsOnRecorded(StoreView view, Box box, DiskSlot slot) {
    Path disk = box.disk(slot);
    Optional<BaseDiskId> recorded =
        view.references().listOf(box.id()).stream()
            .filter(reference -> reference.slot() == slot)
            .map(Reference::base)
            .findFirst();
    Optional<FileStatus> status = files.status(disk);
    if (status.isEmpty()) {
      return recorded.isEmpty();
    }
    if (RegisteredDisks.oddityOf(status.get()).isPresent()) {
      return false;
    }
    try {
      return namedBases.of(view, disk).equals(recorded);
    } catch (InvalidImageException | NotFoundException noDisk) {
      return false;
    }
  }

  private boolean isOfAnotherBox(StoreView view, Box box) {
    Optional<FileIdentity> directory = files.status(box.disksDir()).map(FileStatus::identity);
    return view.boxes().list().stream()
        .filter(other -> !other.disksDir().equals(box.disksDir()))
        .anyMatch(
            other -> files.status(other.disksDir()).map(FileStatus::identity).equals(directory));
  }
}
