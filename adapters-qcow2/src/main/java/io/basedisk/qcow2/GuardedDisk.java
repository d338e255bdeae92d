package io.basedisk.qcow2;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.MapEntry;
import io.basedisk.domain.port.Guards;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.OpenDisk;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.operation.ImageMap;
import java.nio.ByteBuffer;
import java.util.Iterator;

/** An open disk whose files are guarded against new writers until it is closed. */
final class GuardedDisk implements OpenDisk {

  private final DiskImage image;
  private final Guards guards;

  /**
   * Guards the files of a disk. If that fails, closes the disk.
   *
   * @throws io.basedisk.domain.error.RefusedException if another process writes to one of them
   */
  GuardedDisk(DiskImage image, ImageLocks locks) {
    this.image = image;
    try {
      guards =
          Guards.of(
              locks,
              image.layers().stream()
                  .map(LayerFile::path)
                  .collect(ImmutableList.toImmutableList()));
    } catch (RuntimeException e) {
      image.close();
      throw e;
    }
  }

  /**
   * {@return the image behind a caller's disk}
   *
   * @throws IllegalArgumentException if another implementation opened it
   */
  static DiskImage imageOf(OpenDisk disk) {
    if (disk instanceof GuardedDisk ours) {
      return ours.image;
    }
    throw new IllegalArgumentException("the disk was opened by " + disk.getClass().getName());
  }

  @Override
  public ImmutableList<LayerFile> layers() {
    return image.layers();
  }

  @Override
  public long virtualSize() {
    return image.virtualSize();
  }

  @Override
  public int read(long offset, ByteBuffer target) {
    return image.read(offset, target);
  }

  @Override
  public Iterator<MapEntry> map() {
    return ImageMap.of(image);
  }

  @Override
  public void close() {
    guards.close();
    image.close();
  }
}
