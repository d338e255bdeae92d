package io.basedisk.qcow2.operation;

import static com.google.common.base.Preconditions.checkArgument;

import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.os.ClaimedDevice;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.write.ImageWriter;
import io.basedisk.qcow2.write.Qcow2Options;
import io.basedisk.qcow2.write.Qcow2Writer;
import io.basedisk.qcow2.write.RawDeviceWriter;
import io.basedisk.qcow2.write.RawWriter;
import java.nio.file.Path;

/**
 * Writes a disk, with its whole chain, to one new image. Ranges that are known to be zeros are not
 * read. Zeros in data are not written. Where the file system can share blocks, long runs of a
 * layer's file share them with the new image, which takes almost no time; zeros in such runs stay.
 *
 * <p>The image gets its name when it is complete and durable. A failed conversion leaves no file.
 * If the thread is interrupted, the conversion ends with an {@link InterruptedOperationException},
 * and the interrupt stays pending.
 */
public final class Conversion {

  private final DiskImage source;
  private final long size;
  private final Path target;
  private final Progress progress;
  private final OperatingSystem system = OperatingSystem.current();

  /**
   * @param source the disk; this does not close it
   * @param target path of the new image; no file may exist there
   * @param progress receives the progress, in bytes done and in total
   */
  public Conversion(DiskImage source, Path target, Progress progress) {
    this(source, source.virtualSize(), target, progress);
  }

  /**
   * @param source the disk to read; stays open
   * @param size size of the new disk in bytes: a multiple of 512, at least the source's size. The
   *     rest after the source's end is zeros.
   * @param target path of the new image; no file may exist there
   * @param progress receives the progress, in bytes done and in total
   */
  public Conversion(DiskImage source, long size, Path target, Progress progress) {
    checkArgument(size >= source.virtualSize(), "%s bytes are less than the source has", size);
    this.source = source;
    this.size = size;
    this.target = target;
    this.progress = progress;
  }

  /**
   * Writes a raw image.
   *
   * @throws io.basedisk.domain.error.AlreadyExistsException if the target exists
   * @throws io.basedisk.domain.error.InvalidImageException if the source can't be read
   * @throws io.basedisk.domain.error.StorageException if a file can't be read or written
   * @throws InterruptedOperationException if the thread is interrupted
   */
  public void toRaw() {
    write(RawWriter.create(target, size, system), source.layers().size(), true);
  }

  /**
   * Writes a qcow2 image without a backing file.
   *
   * @param options the options of the new image
   * @throws io.basedisk.domain.error.InvalidArgumentException if the format or its limits do not
   *     allow the size and options
   * @throws io.basedisk.domain.error.AlreadyExistsException if the target exists
   * @throws io.basedisk.domain.error.InvalidImageException if the source can't be read
   * @throws io.basedisk.domain.error.StorageException if a file can't be read or written
   * @throws InterruptedOperationException if the thread is interrupted
   */
  public void toQcow2(Qcow2Options options) {
    checkArgument(
        options.backingFile() == null,
        "the image has no use for the backing file %s",
        options.backingFile());
    write(
        Qcow2Writer.create(target, size, options, system),
        source.layers().size(),
        isSharing(options));
  }

  /**
   * Writes a qcow2 image without a backing file, under its final name from the start. It is not a
   * valid image until it is complete, and the caller makes it durable. Otherwise like {@link
   * #toQcow2}.
   */
  public void toQcow2InPlace() {
    write(
        Qcow2Writer.createInPlace(target, size, Qcow2Options.DEFAULT, system),
        source.layers().size(),
        true);
  }

  /**
   * Writes a qcow2 image that merges the upper layers of the source; one of the source's layers
   * becomes its backing file. It has its final name from the start, and is not a valid image until
   * it is complete. Otherwise like {@link #toQcow2}.
   *
   * @param options options with that layer as the backing file
   * @param kept number of the layer that becomes the backing file, counted from the top, at least 1
   */
  public void toOverlay(Qcow2Options options, int kept) {
    checkArgument(options.backingFile() != null, "no backing file");
    checkArgument(kept > 0 && kept < source.layers().size(), "no layer %s", kept);
    write(Qcow2Writer.createInPlace(target, size, options, system), kept, isSharing(options));
  }

  /**
   * Writes a raw disk onto a block device, in place.
   *
   * @param device the claimed device at the target's path, at least as large as the disk
   * @throws io.basedisk.domain.error.InvalidImageException if the source can't be read
   * @throws io.basedisk.domain.error.StorageException if a file can't be read or written
   * @throws InterruptedOperationException if the thread is interrupted
   */
  void toRawDevice(ClaimedDevice device) {
    write(RawDeviceWriter.create(device, target, size), source.layers().size(), false);
  }

  /**
   * Writes a qcow2 image without a backing file onto a block device, in place. Otherwise like
   * {@link #toRawDevice}.
   *
   * @param options the options of the new image
   * @param space upper bound of the image's size in bytes, at most the size of the device
   */
  void toQcow2Device(ClaimedDevice device, Qcow2Options options, long space) {
    write(
        Qcow2Writer.createOnDevice(device, target, size, options, space),
        source.layers().size(),
        false);
  }

  private static boolean isSharing(Qcow2Options options) {
    return options.compression().isEmpty();
  }

  private void write(ImageWriter writer, int kept, boolean sharing) {
    try (writer;
        LayerSharing layers = new LayerSharing(source, writer.temporary(), system)) {
      ConversionRun run =
          new ConversionRun(source, size, writer, sharing ? layers : null, progress);
      run.run(runs -> LayersAbove.describe(source, kept, runs));
      writer.finish();
    }
  }
}
