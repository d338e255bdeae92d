package io.basedisk.domain.doctor;

import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.doctor.Finding.Kind;
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
import java.util.Optional;

/** Looks at a box: its disks, their references and images. */
final class BoxExamination {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final RegisteredDisks disks;
  private final ImageLocks imageLocks;
  private final NearestBaseExamination nearestBases;
  private final ImageExamination images;
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

  private void examineDisk(BoxId box, DiskSlot slot, Path disk, Optional<Reference> recorded) {
    if (!images.isWhole(disk)) {
      return;
    }
    nearestBases.compare(
        Kind.REFERENCE_DIFFERS,
        disk,
        recorded.map(Reference::base).orElse(null),
        base -> new Remedy.SetReference(box, slot, base));
    if (imageLocks.writtenBy(disk).isEmpty()) {
      images.check(disk, true);
    }
  }
}
