package io.basedisk.qcow2.operation;

import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.image.DiskExtent;
import io.basedisk.qcow2.image.DiskImage;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Comparison of the content of two disks. If their sizes differ, the rest of the longer one must be
 * zeros, as in {@code qemu-img compare}. Ranges that are known to be zeros on both disks are not
 * read, nor ranges that both disks read from the same offset of the same file. Not thread-safe.
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
   * @param first the first disk; stays open
   * @param second the second disk; stays open
   * @param progress receives the progress, in bytes done and in total
   * @return offset of the first difference; empty if the disks are equal
   * @throws io.basedisk.domain.error.InvalidImageException if an image is damaged before the first
   *     difference
   * @throws io.basedisk.domain.error.StorageException if a file can't be read
   * @throws InterruptedOperationException if the thread is interrupted; its interrupt stays pending
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
      wentTo(at);
    }
    return firstThatIsNotZero(first.virtualSize() > common ? first : second, common);
  }

  /** A forward cursor over the extents of a disk. */
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

  /** {@return whether two extents map common guest offsets to the same offsets of the same file} */
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

  // In chunks.

  /** Searches one chunk; returns the index of the first match in it, or -1. */
  @FunctionalInterface
  private interface ChunkSearch {
    int at(long start, int length);
  }

  private OptionalLong inChunks(long start, long end, ChunkSearch search) {
    for (long at = start; at < end; at += CHUNK) {
      wentTo(at);
      int index = search.at(at, (int) Math.min(CHUNK, end - at));
      if (index >= 0) {
        return OptionalLong.of(at + index);
      }
    }
    return OptionalLong.empty();
  }

  private void wentTo(long end) {
    InterruptedOperationException.throwIfInterrupted(
        () -> first.layers().get(0).path() + ": the comparison was interrupted");
    progress.at(end, size);
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
