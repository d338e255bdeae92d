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
 * Checks that a box's disks directory is the recorded one. Another directory can have its path: the
 * file system may be unmounted, or the owner of the parent directory may have replaced it.
 * Thread-safe.
 */
public final class DisksDirectories {

  private final DiskFiles files;

  @Inject
  DisksDirectories(DiskFiles files) {
    this.files = files;
  }

  /**
   * Checks that a box's disks directory is the recorded one, or records it at its first use.
   * Compares inode numbers, because the device number can change at each mount.
   *
   * @param tx the transaction that records it
   * @param box the box
   * @throws RefusedException if the directory is missing or another one
   */
  public void pin(StoreTransaction tx, Box box) {
    FileStatus status =
        files
            .status(box.disksDir())
            .filter(found -> found.type() == FileType.DIRECTORY)
            .orElseThrow(
                () ->
                    new RefusedException(
                        box.disksDir() + ": the disks directory of box " + box.id() + " is missing",
                        new Remedy.MountFileSystem(box.disksDir())));
    if (tx.boxes().findDirectoryInode(box.id()).isEmpty()) {
      tx.boxes().putDirectoryInode(box.id(), status.identity().inode());
    } else {
      requireRecorded(tx, box, status);
    }
  }

  /**
   * Checks that a box's disks directory, if it exists, is the recorded one. This is for a removal,
   * which a missing directory does not stop.
   *
   * @param view the store
   * @param box the box
   * @throws RefusedException if it is another directory
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
              + ": is not the recorded directory of box "
              + box.id()
              + " (inode "
              + inode
              + ", but its record says "
              + recorded.getAsLong()
              + ")",
          new Remedy.MountFileSystem(box.disksDir()));
    }
  }
}
