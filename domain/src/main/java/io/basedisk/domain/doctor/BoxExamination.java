package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.Layer;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.ImageLocks;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** Examines a box: its directory, its disks, their references and images. */
final class BoxExamination {

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final RegisteredDisks disks;
  private final ImageLocks imageLocks;
  private final DirectoryMatch directories;
  private final ChainExamination chains;
  private final ImageExamination images;
  private final Findings findings;

  BoxExamination(
      BaseDiskStore store,
      DiskFiles files,
      RegisteredDisks disks,
      ImageLocks imageLocks,
      DirectoryMatch directories,
      ChainExamination chains,
      ImageExamination images,
      Findings findings) {
    this.store = store;
    this.files = files;
    this.disks = disks;
    this.imageLocks = imageLocks;
    this.directories = directories;
    this.chains = chains;
    this.images = images;
    this.findings = findings;
  }

  /**
   * Examines a box.
   *
   * @param readsChains whether to read chains; false if the bases are unmounted
   */
  void examine(Box box, boolean readsChains) {
    Optional<Path> link = disks.linkOnTheWayTo(box.disksDir());
    if (link.isPresent()) {
      foundNoDisk(link.get(), "is a symbolic link in the path to the disks of box " + box.id());
      return;
    }
    if (!isDirectoryInOrder(box)) {
      return;
    }
    boolean hasContainerDisk = files.status(box.disk(DiskSlot.CONTAINER)).isPresent();
    for (DiskSlot slot : DiskSlot.values()) {
      Path disk = box.disk(slot);
      Optional<FileStatus> status = files.status(disk);
      Optional<String> oddity = status.flatMap(file -> oddityOf(box, file));
      if (oddity.isPresent()) {
        foundNoDisk(disk, oddity.get());
      } else if (status.isPresent()) {
        if (readsChains) {
          examineDisk(box, slot, status.get());
        }
      } else if (slot == DiskSlot.CONTAINER) {
        findings.add(
            Kind.DISK_MISSING,
            disk,
            "the disk of box " + box.id() + " is missing",
            new Remedy.BringFileBack(disk));
      } else if (hasContainerDisk) {
        // If the disks directory is missing too, its file system may be unmounted.
        examineMissing(box, slot);
      }
    }
  }

  private boolean isDirectoryInOrder(Box box) {
    Path directory = box.disksDir();
    Optional<FileStatus> status = files.status(directory);
    if (status.isEmpty()) {
      findings.add(
          Kind.FILE_SYSTEM_AWAY,
          directory,
          "the disks directory of box " + box.id() + " is missing",
          new Remedy.MountFileSystem(directory));
      return false;
    }
    if (!status.get().isDirectory()) {
      foundNoDisk(
          directory,
          "is " + status.get().type().describe() + ", not the disks directory of box " + box.id());
      return false;
    }
    long inode = status.get().identity().inode();
    OptionalLong recorded = store.read(view -> view.boxes().findDirectoryInode(box.id()));
    if (recorded.isEmpty() || recorded.getAsLong() == inode) {
      return true;
    }
    boolean hasItsDisks = store.<Boolean>read(view -> directories.hasDisksOf(view, box));
    String detail =
        "it is not the recorded directory of box "
            + box.id()
            + ": its inode is "
            + inode
            + ", the record has "
            + recorded.getAsLong();
    findings.add(
        hasItsDisks
            ? new Finding(
                Kind.DIRECTORY_DIFFERS,
                directory,
                detail,
                new Repair.RecordDirectory(box.id(), inode))
            : new Finding(
                Kind.DIRECTORY_DIFFERS,
                directory,
                detail + "; the disk in it is not known to be this box's",
                new Remedy.PutDirectoryBack(directory)));
    return false;
  }

  /**
   * {@return what is odd about a disk's file; empty if an operation is under way, which may give
   * the disk a second name}
   */
  private Optional<String> oddityOf(Box box, FileStatus file) {
    return RegisteredDisks.oddityOf(file)
        .filter(oddity -> !file.isRegularFile() || !disks.isBusy(box));
  }

  private void foundNoDisk(Path path, String what) {
    findings.add(Kind.NOT_A_DISK, path, what, new Remedy.PutDiskInPlace(path));
  }

  private void examineMissing(Box box, DiskSlot slot) {
    recordedReference(box.id(), slot)
        .ifPresent(
            reference ->
                findings.add(
                    Kind.REFERENCE_DIFFERS,
                    box.disk(slot),
                    "the recorded base is " + reference.base() + ", but the disk is missing",
                    new Repair.SetReference(box.id(), slot, null)));
  }

  private Optional<Reference> recordedReference(BoxId box, DiskSlot slot) {
    return store.read(view -> view.references().listOf(box)).stream()
        .filter(reference -> reference.slot() == slot)
        .findFirst();
  }

  private void examineDisk(Box box, DiskSlot slot, FileStatus status) {
    Path disk = box.disk(slot);
    Optional<Reference> recorded = recordedReference(box.id(), slot);
    ImmutableList<Layer> layers = images.layersOf(disk);
    if (layers.isEmpty()) {
      return;
    }
    chains.compareReference(box, slot, status, layers, recorded.map(Reference::base).orElse(null));
    if (imageLocks.writtenBy(disk).isEmpty()) {
      images.check(disk, true);
    }
  }
}
