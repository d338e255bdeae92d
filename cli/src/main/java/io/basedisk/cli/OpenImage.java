package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.WhenLocksCantBeAsked;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.protocol.Guards;
import io.basedisk.qcow2.file.FileImageLocks;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.LayerFile;
import io.basedisk.qcow2.os.OperatingSystem;

/**
 * An image that a command reads, none of whose files anybody can start to write meanwhile, as long
 * as they keep to QEMU's image locks.
 */
final class OpenImage implements AutoCloseable {

  private final DiskImage disk;
  private final Guards guards;

  /**
   * Guards the files of a disk; closes it if that can't be.
   *
   * @throws io.basedisk.domain.error.RefusedException if somebody writes to one of them
   */
  OpenImage(DiskImage disk) {
    this.disk = disk;
    ImageLocks locks =
        new FileImageLocks(OperatingSystem.current(), WhenLocksCantBeAsked.TRUST_CALLER);
    try {
      guards =
          Guards.of(
              locks,
              disk.layers().stream().map(LayerFile::path).collect(ImmutableList.toImmutableList()));
    } catch (RuntimeException e) {
      disk.close();
      throw e;
    }
  }

  DiskImage disk() {
    return disk;
  }

  @Override
  public void close() {
    guards.close();
    disk.close();
  }
}
