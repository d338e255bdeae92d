package io.basedisk.qcow2.operation;

import com.google.common.collect.Iterators;
import io.basedisk.domain.image.MapEntry;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.DiskExtent;
import io.basedisk.qcow2.image.DiskImage;
import java.util.Iterator;
import java.util.OptionalLong;

/**
 * The map of a disk, as {@code qemu-img map} shows it. A disk of 0 bytes has one empty entry.
 * Entries are found as they are requested. Not thread-safe.
 */
public final class ImageMap implements Iterator<MapEntry> {

  private static final MapEntry NOTHING =
      new MapEntry(0, 0, 0, false, false, false, OptionalLong.empty());

  private final DiskImage disk;
  private final Iterator<MapEntry> entries;

  private ImageMap(DiskImage disk) {
    this.disk = disk;
    this.entries =
        disk.virtualSize() == 0
            ? Iterators.singletonIterator(NOTHING)
            : Iterators.transform(disk.extents(), this::describe);
  }

  /**
   * {@return the map of a disk} The disk must stay open as long as the map is in use.
   *
   * @param disk the disk to map
   */
  public static ImageMap of(DiskImage disk) {
    return new ImageMap(disk);
  }

  @Override
  public boolean hasNext() {
    return entries.hasNext();
  }

  @Override
  public MapEntry next() {
    return entries.next();
  }

  private MapEntry describe(DiskExtent extent) {
    if (extent instanceof DiskExtent.Data data) {
      boolean isData = !(data.inHole() && isRaw(data.layer()));
      return entry(data, true, isData, OptionalLong.of(data.host().bytes()));
    }
    if (extent instanceof DiskExtent.Compressed) {
      return entry(extent, true, true, OptionalLong.empty());
    }
    if (extent instanceof DiskExtent.Zero zero) {
      return entry(zero, true, false, room(zero.host()));
    }
    DiskExtent.Hole hole = (DiskExtent.Hole) extent;
    return entry(hole, false, false, room(hole.host()));
  }

  private static MapEntry entry(
      DiskExtent extent, boolean present, boolean data, OptionalLong offset) {
    return new MapEntry(
        extent.start(), extent.length(), extent.layer(), present, extent.isZero(), data, offset);
  }

  private static OptionalLong room(HostOffset host) {
    return host.isNowhere() ? OptionalLong.empty() : OptionalLong.of(host.bytes());
  }

  private boolean isRaw(int layer) {
    return disk.layers().get(layer).format() == ImageFormat.RAW;
  }
}
