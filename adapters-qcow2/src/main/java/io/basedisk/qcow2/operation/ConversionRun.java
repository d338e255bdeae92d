package io.basedisk.qcow2.operation;

import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.DiskExtent;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.operation.AlignedRuns.Kind;
import io.basedisk.qcow2.os.BlockSharing;
import io.basedisk.qcow2.write.ImageWriter;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One pass over a disk that describes it to a writer, from beginning to end. */
final class ConversionRun {

  /** Bytes written between two progress reports and checks for an interrupt. */
  private static final long STEP = 16 << 20;

  /** Shorter runs are copied: sharing costs as much, and fragments the file. */
  private static final long SHORTEST_SHARED = 256 << 10;

  private final DiskImage source;
  private final long size;
  private final ImageWriter writer;
  private final @Nullable LayerSharing sharing;
  private final Progress progress;

  /**
   * @param size size of the new disk in bytes, at least the source's size
   * @param sharing shares blocks of the source's files; null to copy everything
   */
  ConversionRun(
      DiskImage source,
      long size,
      ImageWriter writer,
      @Nullable LayerSharing sharing,
      Progress progress) {
    this.source = source;
    this.size = size;
    this.writer = writer;
    this.sharing = sharing;
    this.progress = progress;
  }

  /**
   * Writes the disk.
   *
   * @param description adds the runs of the source, from beginning to end
   */
  void run(Consumer<AlignedRuns> description) {
    AlignedRuns runs = new AlignedRuns(writer.granularity(), this::write);
    description.accept(runs);
    if (size > source.virtualSize()) {
      runs.add(Kind.ZEROS, size);
    }
    runs.finish();
  }

  private void write(Kind kind, long start, long end) {
    switch (kind) {
      case KEPT -> {}
      case ZEROS -> writer.zeros(start, end - start);
      case DATA -> writeInSteps(start, end);
    }
    wrote(end);
  }

  private void writeInSteps(long start, long end) {
    for (long at = start; at < end; at += STEP) {
      long length = Math.min(STEP, end - at);
      writeData(at, length);
      wrote(at + length);
    }
  }

  private void wrote(long end) {
    InterruptedOperationException.throwIfInterrupted(
        () -> source.layers().get(0).path() + ": the conversion was interrupted");
    progress.at(end, size);
  }

  // Data.

  private void writeData(long start, long length) {
    long copied = start;
    if (sharing != null) {
      // If the new disk is larger, the last cluster may reach beyond the end of the source.
      long known = Math.min(length, source.virtualSize() - start);
      Iterator<DiskExtent> extents = source.extents(start, known);
      while (extents.hasNext()) {
        if (extents.next() instanceof DiskExtent.Data data && !data.inHole()) {
          copied = share(data, copied, sharing);
        }
      }
    }
    copy(copied, start + length);
  }

  /**
   * Shares the whole clusters in an extent, if there are enough of them.
   *
   * @param from guest offset up to which the disk is written
   * @return the new such offset
   */
  private long share(DiskExtent.Data data, long from, LayerSharing layers) {
    long granularity = writer.granularity();
    long start = (data.start() + granularity - 1) / granularity * granularity;
    long length = data.end() / granularity * granularity - start;
    if (length < SHORTEST_SHARED) {
      return from;
    }
    Optional<BlockSharing> blocks = layers.of(data.layer());
    if (blocks.isEmpty()) {
      return from;
    }
    copy(from, start);
    HostOffset host = data.host().plus(start - data.start());
    boolean shared =
        writer.shared(
            start, length, to -> blocks.get().share(host.bytes(), to.bytes(), length), this::read);
    if (!shared) {
      layers.giveUp(data.layer());
    }
    return start + length;
  }

  private void copy(long start, long end) {
    if (start < end) {
      writer.data(start, end - start, this::read);
    }
  }

  private void read(long offset, ByteBuffer target) {
    source.read(offset, target);
    while (target.hasRemaining()) {
      target.put((byte) 0);
    }
  }
}
