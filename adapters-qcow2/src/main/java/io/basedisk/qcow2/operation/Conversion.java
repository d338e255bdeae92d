package io.basedisk.qcow2.operation;

import static com.google.common.base.Preconditions.checkArgument;

import io.basedisk.domain.error.StorageException;
import io.basedisk.qcow2.image.DiskExtent;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.operation.AlignedRuns.Kind;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.write.ImageWriter;
import io.basedisk.qcow2.write.Qcow2Options;
import io.basedisk.qcow2.write.Qcow2Writer;
import io.basedisk.qcow2.write.RawWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Iterator;

/**
 * Writes a disk, whatever chain it is read through, to one new image. What is known to be zeros is
 * not read; what is read and turns out to be zeros is not written.
 *
 * <p>The image appears when it is complete and durable; nothing is left of one that fails. An
 * interrupt of the thread gives up with a {@link StorageException}, and the thread stays
 * interrupted.
 */
public final class Conversion {

  private static final int SECTOR = 512;

  /** How much of the disk is looked at, before it is written, in advance. */
  private static final long WINDOW = 1 << 30;

  /** After how much the progress is told. */
  private static final long STEP = 16 << 20;

  private final DiskImage source;
  private final long size;
  private final Path target;
  private final Progress progress;
  private final OperatingSystem system = OperatingSystem.current();

  /**
   * @param source stays open
   * @param target the name of the new image; nothing may be there
   */
  public Conversion(DiskImage source, Path target, Progress progress) {
    this.source = source;
    this.size = virtualSizeOf(source);
    this.target = target;
    this.progress = progress;
  }

  /** As in QEMU, a disk has whole sectors: what a raw file lacks of its last one is zeros. */
  static long virtualSizeOf(DiskImage disk) {
    return (disk.virtualSize() + SECTOR - 1) / SECTOR * SECTOR;
  }

  /**
   * Writes a raw image.
   *
   * @throws io.basedisk.domain.error.AlreadyExistsException if the target exists
   * @throws io.basedisk.domain.error.InvalidImageException if the source can't be read
   * @throws StorageException if a file can't be read or written, or the thread is interrupted
   */
  public void toRaw() {
    write(RawWriter.create(target, size, system), source.layers().size());
  }

  /**
   * Writes a qcow2 image that has no backing file.
   *
   * @throws io.basedisk.domain.error.InvalidArgumentException if there is no such image of that
   *     size
   * @throws io.basedisk.domain.error.AlreadyExistsException if the target exists
   * @throws io.basedisk.domain.error.InvalidImageException if the source can't be read
   * @throws StorageException if a file can't be read or written, or the thread is interrupted
   */
  public void toQcow2(Qcow2Options options) {
    checkArgument(options.backingFile() == null, "it would hide %s", options.backingFile());
    write(Qcow2Writer.create(target, size, options, system), source.layers().size());
  }

  /**
   * Writes a qcow2 image that takes the place of the source's layers above one that it keeps as its
   * backing file. Otherwise as {@link #toQcow2}.
   *
   * @param options they name that layer as backing file
   * @param kept the number of the layer, counted from the top, at least 1
   */
  public void toOverlay(Qcow2Options options, int kept) {
    checkArgument(options.backingFile() != null, "no backing file");
    checkArgument(kept > 0 && kept < source.layers().size(), "no layer %s", kept);
    write(Qcow2Writer.create(target, size, options, system), kept);
  }

  private void write(ImageWriter writer, int kept) {
    try (writer) {
      AlignedRuns runs =
          new AlignedRuns(
              writer.granularity(), (kind, start, end) -> write(writer, kind, start, end));
      for (long at = 0; at < source.virtualSize(); at += WINDOW) {
        long length = Math.min(WINDOW, source.virtualSize() - at);
        for (Iterator<DiskExtent> i = source.extents(at, length); i.hasNext(); ) {
          DiskExtent extent = i.next();
          runs.add(kindOf(extent, kept), extent.end());
        }
      }
      runs.add(Kind.ZEROS, size);
      runs.finish();
      writer.finish();
    }
  }

  private static Kind kindOf(DiskExtent extent, int kept) {
    // A hole counts as the last layer's that goes so far: one that ends before the kept layer does
    // hides what that has there.
    if (extent.layer() >= kept) {
      return Kind.KEPT;
    }
    return extent.isZero() ? Kind.ZEROS : Kind.DATA;
  }

  private void write(ImageWriter writer, Kind kind, long start, long end) {
    for (long at = start; at < end; at += STEP) {
      long length = Math.min(STEP, end - at);
      switch (kind) {
        case KEPT -> {}
        case ZEROS -> writer.zeros(at, length);
        case DATA -> writer.data(at, length, this::read);
      }
      requireNotInterrupted();
      progress.at(at + length, size);
    }
  }

  private void read(long offset, ByteBuffer target) {
    source.read(offset, target);
    while (target.hasRemaining()) {
      target.put((byte) 0);
    }
  }

  private void requireNotInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new StorageException(target + ": the conversion was interrupted");
    }
  }
}
