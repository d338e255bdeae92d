package io.basedisk.qcow2.operation;

import com.google.common.collect.Iterators;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.DiskExtent;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.operation.AlignedRuns.Kind;
import io.basedisk.qcow2.write.ImageWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The content that an image must have to read as before on top of another backing file: its own
 * allocated content, and the ranges in which the old and the new backing file differ.
 */
final class Differences {

  /** Bytes to compare at once. */
  private static final int STEP = 64 << 10;

  /** Bytes of a disk whose extents are listed before they are compared. */
  private static final long WINDOW = 1 << 30;

  private final DiskImage old;
  private final @Nullable DiskImage backing;
  private final byte[] before = new byte[STEP];
  private final byte[] after = new byte[STEP];

  /**
   * @param old the disk on its present chain
   * @param backing the new backing file's disk; null for none
   */
  Differences(DiskImage old, @Nullable DiskImage backing) {
    this.old = old;
    this.backing = backing;
  }

  /** {@return the size of the disk in bytes} */
  long size() {
    return old.virtualSize();
  }

  /** Writes the content. The caller finishes the writer. */
  void write(ImageWriter writer, Progress progress) {
    new ConversionRun(old, size(), writer, null, progress).run(this::addTo);
  }

  private void addTo(AlignedRuns runs) {
    for (long at = 0; at < old.virtualSize(); at += WINDOW) {
      addWindow(runs, at, Math.min(WINDOW, old.virtualSize() - at));
    }
  }

  private void addWindow(AlignedRuns runs, long start, long length) {
    Iterator<DiskExtent> below = below(start, length);
    DiskExtent next = below.next();
    for (Iterator<DiskExtent> i = old.extents(start, length); i.hasNext(); ) {
      DiskExtent extent = i.next();
      if (isOwn(extent)) {
        runs.add(extent.isZero() ? Kind.ZEROS : Kind.DATA, extent.end());
        continue;
      }
      for (long at = extent.start(); at < extent.end(); ) {
        while (next.end() <= at) {
          next = below.next();
        }
        long end = Math.min(extent.end(), next.end());
        addUnallocated(runs, at, end, extent, next);
        at = end;
      }
    }
  }

  /** {@return whether the extent is allocated in the image itself} */
  private static boolean isOwn(DiskExtent extent) {
    return extent.layer() == 0 && !(extent instanceof DiskExtent.Hole);
  }

  /**
   * {@return the new backing file's extents of a part of the disk} They reach at least to the end
   * of the part.
   */
  private Iterator<DiskExtent> below(long start, long length) {
    long end = start + length;
    DiskExtent nothing = new DiskExtent.Hole(start, length, 0, HostOffset.NOWHERE);
    long inside = backing == null ? 0 : Math.min(length, backing.virtualSize() - start);
    if (backing == null || inside <= 0) {
      return Arrays.asList(nothing).iterator();
    }
    DiskExtent rest =
        new DiskExtent.Hole(
            start + inside, Math.max(1, end - start - inside), 0, HostOffset.NOWHERE);
    return Iterators.concat(backing.extents(start, inside), Arrays.asList(rest).iterator());
  }

  private void addUnallocated(
      AlignedRuns runs, long start, long end, DiskExtent now, DiskExtent later) {
    if (now.isZero()) {
      runs.add(later.isZero() ? Kind.KEPT : Kind.ZEROS, end);
      return;
    }
    for (long at = start; at < end; ) {
      long to = Math.min(end, at - at % STEP + STEP);
      runs.add(readsTheSame(at, (int) (to - at)) ? Kind.KEPT : Kind.DATA, to);
      at = to;
    }
  }

  private boolean readsTheSame(long at, int count) {
    read(old, at, before, count);
    read(backing, at, after, count);
    return Arrays.equals(before, 0, count, after, 0, count);
  }

  private static void read(@Nullable DiskImage disk, long at, byte[] target, int count) {
    int done = disk == null ? 0 : disk.read(at, ByteBuffer.wrap(target, 0, count));
    Arrays.fill(target, done, count, (byte) 0);
  }
}
