package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.intent.NewBox;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.protocol.CreateBoxesProtocol.NewDisks;
import java.nio.file.Path;
import javax.inject.Inject;

/** Makes the directories and disks of new boxes. Thread-safe. */
final class NewBoxDisks {

  private final DiskFiles files;
  private final DiskImages images;

  @Inject
  NewBoxDisks(DiskFiles files, DiskImages images) {
    this.files = files;
    this.images = images;
  }

  /** Makes the directories and the disk of a box. Nothing is durable yet. */
  void create(NewBox box, NewDisks disks) {
    box.directories()
        .forEach(directory -> files.createDirectory(directory, HomeLayout.PASS_THROUGH_MODE));
    createDisk(box.disk(), disks);
  }

  private void createDisk(Path disk, NewDisks disks) {
    if (disks.base() == null) {
      images.createEmpty(disk, disks.virtualSize());
    } else {
      images.createOverlay(
          disk,
          disks.base().diskInfo().basePath(),
          disks.base().diskInfo().format(),
          disks.virtualSize());
    }
    if (disks.attributesFrom() != null) {
      files.copyAttributes(disks.attributesFrom(), disk);
    }
    if (disks.owner() != null) {
      files.setOwner(disk, disks.owner().user(), disks.owner().group());
    }
  }

  /** {@return the files and directories of a box, parents first} */
  static ImmutableList<Path> filesOf(NewBox box) {
    return ImmutableList.<Path>builder().addAll(box.directories()).add(box.disk()).build();
  }

  /**
   * {@return whether a disk has data that creating its box did not write} A crash may leave a new
   * disk torn, so that it is not an image.
   */
  boolean isWritten(Path disk) {
    if (files.status(disk).filter(FileStatus::isRegularFile).isEmpty()) {
      return false;
    }
    try {
      return !images.isEmptyOverlay(disk);
    } catch (InvalidImageException torn) {
      return false;
    }
  }
}
