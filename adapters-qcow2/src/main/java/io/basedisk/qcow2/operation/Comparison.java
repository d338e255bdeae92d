package io.basedisk.qcow2.operation;

import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.image.DiskExtent;
import io.basedisk.qcow2.image.DiskImage;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Whether two disks read the same. Of disks of different sizes, as in {@code qemu-img compare}, the
 * longer one must go on with zeros. What both are known to read as zeros, and what both take from
 * the same place of the same file, is not read. Not safe for many threads.
 */
public final class Comparison {

  private static final int CHUNK = 1 << 20;

  private final DiskImage first;
  private final DiskImage second;
  private final Progress progress;
  private final long size;
  private final ByteBuffer ofFirst = ByteBuffer.allocateDirect(CHUNK);
  private final ByteBuffer ofSecond = ByteBuffer.allocateDirect(CHUNK);
  private final ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK);

  private Comparison(DiskImage first, DiskImage second, Progress progress) {
    this.first = first;
    this.second = second;
    this.progress = progress;
    this.size = Math.max(first.virtualSize(), second.virtualSize());
  }

  /**
   * Compares two disks.
   *
   * @return where the first byte is that differs; empty if none does
   * @throws io.basedisk.domain.error.InvalidImageException if an image does not say what it reads
   *     as, before the first difference
   * @throws io.basedisk.domain.error.StorageException if a file can't be read
   */
  public static OptionalLong firstDifference(DiskImage first, DiskImage second, Progress progress) {
    return new Comparison(first, second, progress).firstDifference();
  }

  private OptionalLong firstDifference() {
    long common = Math.min(first.virtualSize(), second.virtualSize());
    Cursor left = new Cursor(first.extents(0, common));
    Cursor right = new Cursor(second.extents(0, common));
    for (long at = 0; at < common; ) {
      DiskExtent one = left.extentAt(at);
      DiskExtent other = right.extentAt(at);
      long end = Math.min(one.end(), other.end());
      OptionalLong difference = firstDifference(one, other, at, end);
      if (difference.isPresent()) {
        return difference;
      }
      at = end;
      progress.at(at, size);
    }
    return firstThatIsNotZero(first.virtualSize() > common ? first : second, common);
  }

  /** A place in the extents of a disk that moves upwards. */
  private static final class Cursor {

    private final Iterator<DiskExtent> extents;
    private @Nullable DiskExtent current;

    Cursor(Iterator<DiskExtent> extents) {
      this.extents = extents;
    }

    DiskExtent extentAt(long at) {
      DiskExtent extent = current;
      while (extent == null || extent.end() <= at) {
        extent = extents.next();
      }
      current = extent;
      return extent;
    }
  }

  private OptionalLong firstDifference(DiskExtent one, DiskExtent other, long at, long end) {
    if ((one.isZero() && other.isZero()) || isSamePlace(one, other)) {
      return OptionalLong.empty();
    }
    if (one.isZero()) {
      return inChunks(at, end, (start, length) -> nonZero(second, start, length));
    }
    if (other.isZero()) {
      return inChunks(at, end, (start, length) -> nonZero(first, start, length));
    }
    return inChunks(at, end, this::mismatch);
  }

  /** Returns whether two extents are the same bytes of the same file, where both are. */
  private boolean isSamePlace(DiskExtent one, DiskExtent other) {
    return one instanceof DiskExtent.Data data
        && other instanceof DiskExtent.Data otherData
        && data.host().bytes() - data.start() == otherData.host().bytes() - otherData.start()
        && first.layers().get(data.layer()).equals(second.layers().get(otherData.layer()));
  }

  private OptionalLong firstThatIsNotZero(DiskImage disk, long from) {
    Iterator<DiskExtent> extents = disk.extents(from, disk.virtualSize() - from);
    while (extents.hasNext()) {
      DiskExtent extent = extents.next();
      if (!extent.isZero()) {
        OptionalLong found =
            inChunks(extent.start(), extent.end(), (start, length) -> nonZero(disk, start, length));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return OptionalLong.empty();
  }

  // Chunk by chunk.

  /** Looks at one chunk; returns the index in it of what was looked for, or -1. */
  @FunctionalInterface
  private interface Look {
    int at(long start, int length);
  }

  private OptionalLong inChunks(long start, long end, Look look) {
    for (long at = start; at < end; at += CHUNK) {
      progress.at(at, size);
      int index = look.at(at, (int) Math.min(CHUNK, end - at));
      if (index >= 0) {
        return OptionalLong.of(at + index);
      }
    }
    return OptionalLong.empty();
  }

  private int mismatch(long start, int length) {
    return read(first, start, length, ofFirst).mismatch(read(second, start, length, ofSecond));
  }

  private int nonZero(DiskImage disk, long start, int length) {
    return read(disk, start, length, ofFirst).mismatch(zeros.slice(0, length));
  }

  private static ByteBuffer read(DiskImage disk, long at, int length, ByteBuffer buffer) {
    ByteBuffer part = buffer.slice(0, length);
    disk.read(at, part);
    return part.flip();
  }
}
