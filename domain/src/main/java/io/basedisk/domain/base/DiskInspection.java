package io.basedisk.domain.base;

import io.basedisk.domain.chain.BackingNames;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;

/** Refuses disks that are unfit to become a base. Changes nothing. */
public final class DiskInspection {

  /**
   * A disk that is fit to become a base.
   *
   * @param file the status of the disk's file
   * @param header the disk's header
   */
  public record Inspected(FileStatus file, ImageHeader header) {}

  private static final int ROOT = 0;

  private final HomeLayout home;
  private final DiskFiles files;
  private final DiskImages images;

  @Inject
  DiskInspection(HomeLayout home, DiskFiles files, DiskImages images) {
    this.home = home;
    this.files = files;
    this.images = images;
  }

  /**
   * Checks a disk whose own file will become a base.
   *
   * @param named the path by which its VM opens it
   * @param disk its real path
   * @param internals what to do if it has internal snapshots or bitmaps
   * @return the disk's status and header
   */
  public Inspected inspectForFork(Path named, Path disk, InternalSnapshots internals) {
    FileStatus status = inspectFile(named, disk);
    refuseOdd(disk, status);
    ImageHeader header = images.readHeader(disk);
    if (header.dirty()) {
      throw new RefusedException(
          disk + ": is dirty: in use, or not closed properly", new Remedy.RepairDisk(disk));
    }
    inspectImage(named, disk, header, internals);
    return new Inspected(status, header);
  }

  /**
   * Checks a disk whose copy will become a base, while a VM may have the disk open.
   *
   * @param named the path by which its VM opens it
   * @param disk its real path
   * @param header its header
   * @param internals what to do if it has internal snapshots or bitmaps
   */
  public void inspectForCopy(
      Path named, Path disk, ImageHeader header, InternalSnapshots internals) {
    inspectFile(named, disk);
    if (header.dirty()) {
      throw new RefusedException(
          disk
              + ": is dirty: its VM does not keep its refcounts up to date (lazy_refcounts), or did"
              + " not close it properly, so that a copy would be damaged",
          new Remedy.StopVm(disk));
    }
    inspectImage(named, disk, header, internals);
  }

  private FileStatus inspectFile(Path named, Path disk) {
    FileStatus status =
        files
            .status(disk)
            .orElseThrow(
                () ->
                    new NotFoundException(
                        named + ": no such file", new Remedy.BringFileBack(named)));
    if (!status.isRegularFile()) {
      refuseOdd(disk, status);
    }
    checkReachable(disk, status);
    return status;
  }

  private static void refuseOdd(Path disk, FileStatus status) {
    RegisteredDisks.refusalOf(disk, status)
        .ifPresent(
            refusal -> {
              throw refusal;
            });
  }

  private void inspectImage(
      Path named, Path disk, ImageHeader header, InternalSnapshots internals) {
    if (header.corrupt()) {
      throw new InvalidImageException(disk + ": is marked corrupt");
    }
    if (header.virtualSize() < ByteSize.SECTOR || header.virtualSize() % ByteSize.SECTOR != 0) {
      throw new InvalidImageException(
          disk + ": its virtual size " + header.virtualSize() + " is not a multiple of 512");
    }
    if (internals == InternalSnapshots.REFUSE) {
      checkNone(disk, header.internalSnapshots(), "internal snapshot");
      checkNone(disk, header.persistentBitmaps(), "persistent bitmap");
    }
    checkBackingName(named, header);
  }

  private static void checkNone(Path disk, int count, String what) {
    if (count > 0) {
      throw new RefusedException(
          disk
              + ": has "
              + count
              + " "
              + what
              + (count == 1 ? "" : "s")
              + ", which its overlays would not show",
          new Remedy.DropInternal(disk));
    }
  }

  /** Refuses a relative backing name that would mean another file from the bases directory. */
  private void checkBackingName(Path named, ImageHeader header) {
    BackingFile backing = header.backing();
    if (backing == null) {
      return;
    }
    Path here = BackingNames.resolve(named, backing.name());
    Path there = BackingNames.resolve(home.bases().resolve("base"), backing.name());
    if (!here.equals(there) && !isSameFile(here, there)) {
      throw new RefusedException(
          named
              + ": its backing file \""
              + backing.name()
              + "\" would not be found from "
              + home.bases(),
          new Remedy.MakeBackingAbsolute(named, here));
    }
  }

  private boolean isSameFile(Path a, Path b) {
    Optional<FileStatus> statusOfA = files.status(a);
    return statusOfA.isPresent()
        && files
            .status(b)
            .filter(status -> status.identity().equals(statusOfA.get().identity()))
            .isPresent();
  }

  /** Refuses a disk whose owner, as whom the VM runs, could not open the base at its new path. */
  private void checkReachable(Path disk, FileStatus status) {
    if (status.owner() == ROOT) {
      return;
    }
    for (Path d = home.bases(); d != null; d = d.getParent()) {
      if (!canPass(status, files.status(d))) {
        throw new RefusedException(
            disk
                + ": its owner, user "
                + status.owner()
                + ", could not reach the base: no access to "
                + d);
      }
    }
  }

  private static boolean canPass(FileStatus disk, Optional<FileStatus> directory) {
    if (directory.isEmpty()) {
      return false;
    }
    FileStatus d = directory.get();
    int search = d.owner() == disk.owner() ? 0100 : d.group() == disk.group() ? 0010 : 0001;
    return (d.mode() & search) != 0;
  }
}
