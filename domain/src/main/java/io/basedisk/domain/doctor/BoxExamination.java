package io.basedisk.domain.doctor;

import io.basedisk.domain.chain.BaseReaders;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Ports;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at a box: its disks, their references and images. */
final class BoxExamination {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final RegisteredDisks disks;
  private final ImageLocks imageLocks;
  private final NearestBaseExamination nearestBases;
  private final ImageExamination images;
  private final BaseReaders readers;
  private final Findings findings;

  BoxExamination(
      Ports ports,
      NearestBaseExamination nearestBases,
      ImageExamination images,
      Findings findings) {
    this.store = ports.store();
    this.files = ports.files();
    this.disks = new RegisteredDisks(ports);
    this.imageLocks = ports.imageLocks();
    this.nearestBases = nearestBases;
    this.images = images;
    this.readers = new BaseReaders(files);
    this.findings = findings;
  }

  void examine(Box box) {
    Optional<Path> link = disks.linkOnTheWayTo(box.disksDir());
    if (link.isPresent()) {
      foundNoDisk(link.get(), "is a symbolic link on the way to the disks of box " + box.id());
      return;
    }
    for (DiskSlot slot : DiskSlot.values()) {
      Path disk = box.disk(slot);
      Optional<Reference> recorded = recordedReference(box.id(), slot);
      Optional<FileStatus> status = files.status(disk);
      Optional<String> oddity = status.flatMap(file -> oddityOf(box, file));
      if (oddity.isPresent()) {
        foundNoDisk(disk, oddity.get());
      } else if (status.isPresent()) {
        examineDisk(box.id(), slot, disk, recorded);
      } else if (slot == DiskSlot.CONTAINER) {
        findings.add(
            Kind.DISK_MISSING,
            disk,
            "the disk of box " + box.id() + " is missing",
            new Remedy.ByHand("mount its file system, or put it back from a backup", true));
      } else {
        recorded.ifPresent(
            reference ->
                findings.add(
                    Kind.REFERENCE_DIFFERS,
                    disk,
                    "the recorded base is " + reference.base() + ", and there is no such disk",
                    new Remedy.SetReference(box.id(), slot, null)));
      }
    }
  }

  /** An operation that is under way gives a disk another name until it is complete. */
  private Optional<String> oddityOf(Box box, FileStatus file) {
    return RegisteredDisks.oddityOf(file)
        .filter(oddity -> !file.isRegularFile() || !disks.isUnderWay(box));
  }

  private void foundNoDisk(Path path, String what) {
    findings.add(
        Kind.NOT_A_DISK,
        path,
        what,
        new Remedy.ByHand("put the disk itself there, or remove the box", true));
  }

  private Optional<Reference> recordedReference(BoxId box, DiskSlot slot) {
    return store.read(view -> view.referencesOf(box)).stream()
        .filter(reference -> reference.slot() == slot)
        .findFirst();
  }

  /** Whether a header may tell which base its disk stands on: its owner can write any name. */
  private boolean isPlausible(
      BoxId box, Path disk, Optional<Reference> recorded, @Nullable BaseDiskId byHeader) {
    if (byHeader == null) {
      return true;
    }
    return store
        .read(view -> view.findBase(byHeader))
        .filter(
            base ->
                base.sourceBoxId().equals(box)
                    || isBelow(recorded, byHeader)
                    || readers.ownerMayRead(disk, base))
        .isPresent();
  }

  /** What is below the recorded base, the disk has read all along. */
  private boolean isBelow(Optional<Reference> recorded, BaseDiskId base) {
    return store.read(
        view -> {
          Set<BaseDiskId> passed = new HashSet<>();
          Optional<BaseDisk> next = recorded.map(Reference::base).flatMap(view::findBase);
          while (next.isPresent() && passed.add(next.get().id())) {
            next = Optional.ofNullable(next.get().parentId()).flatMap(view::findBase);
          }
          return passed.contains(base);
        });
  }

  private void examineDisk(BoxId box, DiskSlot slot, Path disk, Optional<Reference> recorded) {
    if (!images.isWhole(disk)) {
      return;
    }
    nearestBases.compare(
        Kind.REFERENCE_DIFFERS,
        disk,
        recorded.map(Reference::base).orElse(null),
        base ->
            isPlausible(box, disk, recorded, base)
                ? new Remedy.SetReference(box, slot, base)
                : new Remedy.ByHand(
                    "if the header was rewritten, restore a snapshot, or name the recorded base in"
                        + " it; basedisk does not take over the name of a base that the disk's owner"
                        + " may not read",
                    true));
    if (imageLocks.writtenBy(disk).isEmpty()) {
      images.check(disk, true);
    }
  }
}
