package io.basedisk.domain.disk;

import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;

/**
 * Checks the files at the paths of boxes' disks, because the owner of a box can put anything there.
 * A disk must be a regular file with one name. The path of its directory may have no symbolic link
 * below the home.
 *
 * <p>No file is opened, so that a FIFO does not block and a symbolic link is not followed.
 * Thread-safe.
 */
public final class RegisteredDisks {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;

  @Inject
  RegisteredDisks(HomeLayout home, BaseDiskStore store, DiskFiles files) {
    this.home = home;
    this.store = store;
    this.files = files;
  }

  /**
   * {@return the reason why a file can't be a disk, as a clause without its subject: {@code is a
   * symbolic link}, {@code has 2 names}} Empty if it can be a disk.
   *
   * @param status status of the file
   */
  public static Optional<String> oddityOf(FileStatus status) {
    if (!status.isRegularFile()) {
      return Optional.of("is " + status.type().describe());
    }
    // A file that was just deleted has 0 links.
    return status.links() > 1 ? Optional.of("has " + status.links() + " names") : Optional.empty();
  }

  /**
   * {@return the error for a file that can't be a disk; empty if it can be one}
   *
   * @param disk path of the disk
   * @param status status of the file
   */
  public static Optional<RefusedException> refusalOf(Path disk, FileStatus status) {
    return oddityOf(status)
        .map(
            oddity ->
                status.isRegularFile()
                    ? new RefusedException(
                        disk + ": " + oddity + ", and a box's disk must have one",
                        new Remedy.RemoveOtherNames(disk))
                    : new RefusedException(
                        disk + ": " + oddity + ", and a box's disk must be a regular file",
                        new Remedy.PutDiskInPlace(disk)));
  }

  /**
   * {@return the first symbolic link in the path of a disks directory, below the home's directory
   * of boxes} For a directory elsewhere, only the directory itself counts. Empty if there is no
   * link.
   *
   * @param disksDir path of the disks directory
   */
  public Optional<Path> linkOnTheWayTo(Path disksDir) {
    Path directory = disksDir;
    Optional<Path> link = Optional.empty();
    do {
      if (isLink(directory)) {
        link = Optional.of(directory);
      }
      directory = directory.getParent();
    } while (directory != null
        && disksDir.startsWith(home.boxes())
        && !directory.equals(home.boxes()));
    return link;
  }

  private boolean isLink(Path path) {
    return files
        .status(path)
        .filter(status -> status.type() == FileStatus.FileType.SYMBOLIC_LINK)
        .isPresent();
  }

  /**
   * Checks that {@link #linkOnTheWayTo} finds no symbolic link. The disks directory need not exist.
   *
   * @param disksDir path of the disks directory
   * @throws RefusedException if there is a symbolic link, which the message names
   */
  public void requireDirectory(Path disksDir) {
    linkOnTheWayTo(disksDir)
        .ifPresent(
            link -> {
              throw new RefusedException(
                  link + ": is a symbolic link, and a box's disks are not reached through one",
                  new Remedy.PutDiskInPlace(link));
            });
  }

  /**
   * {@return the status of a disk that is a regular file with any number of names}
   *
   * @param disk path of the disk
   * @throws NotFoundException if the file does not exist
   * @throws RefusedException if it is not a regular file, or its directory is reached by a symbolic
   *     link
   */
  public FileStatus requireFile(Path disk) {
    Path directory = disk.getParent();
    if (directory != null) {
      requireDirectory(directory);
    }
    FileStatus status = files.getStatus(disk);
    if (!status.isRegularFile()) {
      throw refusalOf(disk, status).orElseThrow();
    }
    return status;
  }

  /**
   * {@return the status of a disk that is a regular file with one name} A second name is accepted
   * while an operation on the box is running, because the operation may have made it.
   *
   * @param box the box
   * @param slot slot of the disk
   * @throws NotFoundException if the file does not exist
   * @throws RefusedException as {@link #requireFile}, and if the file has several names
   */
  public FileStatus requireDisk(Box box, DiskSlot slot) {
    Path disk = box.disk(slot);
    FileStatus status = requireFile(disk);
    if (status.links() > 1 && !isBusy(box)) {
      // The operation that made the second name may have ended in between.
      FileStatus later = requireFile(disk);
      refusalOf(disk, later)
          .ifPresent(
              refusal -> {
                throw refusal;
              });
      return later;
    }
    return status;
  }

  /**
   * {@return whether an operation has claimed a box}
   *
   * @param box the box
   */
  public boolean isBusy(Box box) {
    return store.read(view -> RegisteredBoxes.operationOn(view, box.id())).isPresent();
  }
}
