package io.basedisk.qcow2.operation;

import static io.basedisk.qcow2.format.ClusterGeometry.SECTOR_SIZE;
import static java.math.RoundingMode.CEILING;

import com.google.common.collect.Iterators;
import com.google.common.math.LongMath;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.DiskExtent;
import io.basedisk.qcow2.image.DiskImage;
import java.util.Iterator;
import java.util.OptionalLong;

/**
 * What a disk consists of, as {@code qemu-img map} says it: in whole sectors of 512 bytes, though a
 * raw file may end within one. Found as it is asked for; not safe for many threads.
 */
public final class ImageMap implements Iterator<MapEntry> {

  private final DiskImage disk;
  private final long end;
  private final Iterator<DiskExtent> extents;

  private ImageMap(DiskImage disk) {
    this.disk = disk;
    this.end =
        isRaw(0) ? roundedUp(disk.virtualSize()) : disk.virtualSize() / SECTOR_SIZE * SECTOR_SIZE;
    this.extents = Iterators.filter(disk.extents(), extent -> startOf(extent) < endOf(extent));
  }

  /** Returns the map of a disk, which has to stay open as long as it is used. */
  public static ImageMap of(DiskImage disk) {
    return new ImageMap(disk);
  }

  @Override
  public boolean hasNext() {
    return extents.hasNext();
  }

  @Override
  public MapEntry next() {
    DiskExtent extent = extents.next();
    if (extent instanceof DiskExtent.Data data) {
      boolean isData = !(data.inHole() && isRaw(data.layer()));
      return entry(data, true, isData, at(data, data.host()));
    }
    if (extent instanceof DiskExtent.Compressed) {
      return entry(extent, true, true, OptionalLong.empty());
    }
    if (extent instanceof DiskExtent.Zero zero) {
      return entry(zero, true, false, room(zero, zero.host()));
    }
    DiskExtent.Hole hole = (DiskExtent.Hole) extent;
    return entry(hole, false, false, room(hole, hole.host()));
  }

  private MapEntry entry(DiskExtent extent, boolean present, boolean data, OptionalLong offset) {
    long start = startOf(extent);
    return new MapEntry(
        start, endOf(extent) - start, extent.layer(), present, extent.isZero(), data, offset);
  }

  private OptionalLong room(DiskExtent extent, HostOffset host) {
    return host.isNowhere() ? OptionalLong.empty() : at(extent, host);
  }

  private OptionalLong at(DiskExtent extent, HostOffset host) {
    return OptionalLong.of(host.bytes() + startOf(extent) - extent.start());
  }

  private boolean isRaw(int layer) {
    return disk.layers().get(layer).format() == ImageFormat.RAW;
  }

  private static long startOf(DiskExtent extent) {
    return roundedUp(extent.start());
  }

  private long endOf(DiskExtent extent) {
    return Math.min(end, roundedUp(extent.end()));
  }

  private static long roundedUp(long bytes) {
    return LongMath.divide(bytes, SECTOR_SIZE, CEILING) * SECTOR_SIZE;
  }
}
