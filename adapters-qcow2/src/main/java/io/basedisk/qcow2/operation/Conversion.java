package io.basedisk.qcow2.operation;

import static com.google.common.base.Preconditions.checkArgument;

import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.write.ImageWriter;
import io.basedisk.qcow2.write.Qcow2Options;
import io.basedisk.qcow2.write.Qcow2Writer;
import io.basedisk.qcow2.write.RawWriter;
import java.nio.file.Path;

/**
 * Writes a disk, whatever chain it is read through, to one new image. What is known to be zeros is
 * not read; what is read and turns out to be zeros is not written. Long runs of a layer's file
 * share their blocks with the new image where the file system can do that, which takes no time;
 * zeros in them are not looked for.
 *
 * <p>The image appears when it is complete and durable; nothing is left of one that fails. An
 * interrupt of the thread ends it with an {@link InterruptedOperationException}, and the thread
 * stays interrupted.
 */
public final class Conversion {

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
    this(source, source.virtualSize(), target, progress);
  }

  /**
   * @param size the bytes of the new disk, a multiple of 512, at least as many as the source has;
   *     what that lacks of them is zeros
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
   * Writes a qcow2 image that has no backing file.
   *
   * @throws io.basedisk.domain.error.InvalidArgumentException if there is no such image of that
   *     size
   * @throws io.basedisk.domain.error.AlreadyExistsException if the target exists
   * @throws io.basedisk.domain.error.InvalidImageException if the source can't be read
   * @throws io.basedisk.domain.error.StorageException if a file can't be read or written
   * @throws InterruptedOperationException if the thread is interrupted
   */
  public void toQcow2(Qcow2Options options) {
    checkArgument(options.backingFile() == null, "it would hide %s", options.backingFile());
    write(
        Qcow2Writer.create(target, size, options, system),
        source.layers().size(),
        isSharing(options));
  }

  /**
   * Writes a qcow2 image that has no backing file and has its name from the start, though it is no
   * image before it is complete; the caller makes it durable. Otherwise as {@link #toQcow2}.
   */
  public void toQcow2InPlace() {
    write(
        Qcow2Writer.createInPlace(target, size, Qcow2Options.DEFAULT, system),
        source.layers().size(),
        true);
  }

  /**
   * Writes a qcow2 image that takes the place of the source's layers above one that it keeps as its
   * backing file. It is made under its own name, with no other file beside it, and is no valid
   * image until it is complete. Otherwise as {@link #toQcow2}.
   *
   * @param options they name that layer as backing file
   * @param kept the number of the layer, counted from the top, at least 1
   */
  public void toOverlay(Qcow2Options options, int kept) {
    checkArgument(options.backingFile() != null, "no backing file");
    checkArgument(kept > 0 && kept < source.layers().size(), "no layer %s", kept);
    write(Qcow2Writer.createInPlace(target, size, options, system), kept, isSharing(options));
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
