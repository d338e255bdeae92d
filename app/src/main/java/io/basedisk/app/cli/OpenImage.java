package io.basedisk.app.cli;

import io.basedisk.domain.model.WhenLocksCantBeAsked;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.qcow2.file.FileImageLocks;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.LayerFile;
import io.basedisk.qcow2.os.OperatingSystem;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * An image that a command reads, none of whose files anybody can start to write meanwhile, as long
 * as they keep to QEMU's image locks.
 */
final class OpenImage implements AutoCloseable {

  private final DiskImage disk;
  private final Deque<ImageLocks.Guard> guards = new ArrayDeque<>();

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
      for (LayerFile file : disk.layers()) {
        guards.push(locks.guard(file.path()));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  DiskImage disk() {
    return disk;
  }

  @Override
  public void close() {
    while (!guards.isEmpty()) {
      guards.pop().close();
    }
    disk.close();
  }
}
