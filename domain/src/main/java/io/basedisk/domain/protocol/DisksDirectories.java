package io.basedisk.domain.protocol;

import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.StoreTransaction;
import java.util.OptionalLong;

/**
 * Tells the disks directory of a box from another one that has its path by now: of a file system that
 * is not mounted, or that the owner of the directory above put there. Safe for many threads.
 */
public final class DisksDirectories {

  private final DiskFiles files;

  public DisksDirectories(DiskFiles files) {
    this.files = files;
  }

  /**
   * Checks that the disks directory of a recorded box is the one that was recorded, and records it at
   * its first use. By its inode number: the device number changes with a mount.
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
                            + " is not there; its file system may not be mounted"));
    long inode = status.identity().inode();
    OptionalLong recorded = tx.directoryInode(box.id());
    if (recorded.isEmpty()) {
      tx.putDirectoryInode(box.id(), inode);
    } else if (recorded.getAsLong() != inode) {
      throw new RefusedException(
          box.disksDir()
              + ": is another directory than the one of box "
              + box.id()
              + " (inode "
              + inode
              + ", recorded is "
              + recorded.getAsLong()
              + "); its file system may not be mounted");
    }
  }
}
