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
 * What is at the paths of boxes' disks. A disk is a regular file of one name, in a disks directory
 * to which no symbolic link below the home leads; the owner of a box can put anything there.
 *
 * <p>It asks for the status of names and opens nothing, so that a FIFO does not block it and a
 * symbolic link is not followed. Safe for many threads.
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
   * Returns what makes a file no disk, as a clause without its subject: {@code is a symbolic link},
   * {@code has 2 names}; empty if it can be a disk.
   */
  public static Optional<String> oddityOf(FileStatus status) {
    if (!status.isRegularFile()) {
      return Optional.of("is " + status.type().describe());
    }
    // A file that was just unlinked has none.
    return status.links() > 1 ? Optional.of("has " + status.links() + " names") : Optional.empty();
  }

  /** Returns the refusal of what is at a disk's path, or empty if it can be a disk. */
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
   * Returns the first symbolic link on the way to a disks directory: the directory itself, or for
   * one in this home its box's directory.
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
   * Checks that no symbolic link is on the way to a disks directory, which need not exist.
   *
   * @throws RefusedException if one is; it names the link
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
   * Returns the status of a disk that is a regular file, of however many names.
   *
   * @throws NotFoundException if nothing is there
   * @throws RefusedException if it is not a regular file, or a symbolic link is on the way to it
   */
  public FileStatus requireFile(Path disk) {
    Path directory = disk.getParent();
    if (directory != null) {
      requireDirectory(directory);
    }
    FileStatus status = statusOf(disk);
    if (!status.isRegularFile()) {
      throw refusalOf(disk, status).orElseThrow();
    }
    return status;
  }

  /**
   * Returns the status of a disk that is a regular file of one name. An operation that is under way
   * on its box may give it another for an instant.
   *
   * @throws NotFoundException if nothing is there
   * @throws RefusedException as {@link #requireFile}, and if the file has other names
   */
  public FileStatus requireDisk(Box box, DiskSlot slot) {
    Path disk = box.disk(slot);
    FileStatus status = requireFile(disk);
    if (status.links() > 1 && !isUnderWay(box)) {
      // An operation may have ended since.
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

  /** Returns whether an operation has claimed the box. */
  public boolean isUnderWay(Box box) {
    return store.read(
        view ->
            view.intents().list().stream()
                .flatMap(intent -> intent.boxes().stream())
                .anyMatch(claim -> claim.box().equals(box.id())));
  }

  private FileStatus statusOf(Path disk) {
    return files.status(disk).orElseThrow(() -> new NotFoundException(disk + ": no such file"));
  }
}
