package io.basedisk.domain.protocol;

import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.util.OptionalLong;
import javax.inject.Inject;

/**
 * Tells the disks directory of a box from another one that has its path by now: of a file system
 * that is not mounted, or that the owner of the directory above put there. Safe for many threads.
 */
public final class DisksDirectories {

  private final DiskFiles files;

  @Inject
  DisksDirectories(DiskFiles files) {
    this.files = files;
  }

  /**
   * Checks that the disks directory of a recorded box is the one that was recorded, and records it
   * at its first use. By its inode number: the device number changes with a mount.
   *
   * @throws RefusedException if it is missing or another one
   */
  public void pin(StoreTransaction tx, Box box) {
    FileStatus status =
        files
            .status(box.disksDir())
            .filter(found -> found.type() == FileType.DIRECTORY)
            .orElseThrow(
                () ->
                    new RefusedException(
                        box.disksDir()
                            + ": the disks directory of box "
                            + box.id()
                            + " is not there",
                        new Remedy.MountFileSystem(box.disksDir())));
    if (tx.boxes().findDirectoryInode(box.id()).isEmpty()) {
      tx.boxes().putDirectoryInode(box.id(), status.identity().inode());
    } else {
      requireRecorded(tx, box, status);
    }
  }

  /**
   * Checks that the disks directory of a recorded box is the one that was recorded, if both are
   * there. For a removal, which a missing directory does not stop.
   *
   * @throws RefusedException if it is another one
   */
  public void requireSame(StoreView view, Box box) {
    files.status(box.disksDir()).ifPresent(status -> requireRecorded(view, box, status));
  }

  private static void requireRecorded(StoreView view, Box box, FileStatus status) {
    long inode = status.identity().inode();
    OptionalLong recorded = view.boxes().findDirectoryInode(box.id());
    if (recorded.isPresent() && recorded.getAsLong() != inode) {
      throw new RefusedException(
          box.disksDir()
              + ": is another directory than the one of box "
              + box.id()
              + " (inode "
              + inode
              + ", recorded is "
              + recorded.getAsLong()
              + ")",
          new Remedy.MountFileSystem(box.disksDir()));
    }
  }
}
