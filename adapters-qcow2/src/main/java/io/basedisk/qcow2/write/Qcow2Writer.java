package io.basedisk.qcow2.write;

import static com.google.common.base.Preconditions.checkArgument;

import io.basedisk.domain.error.StorageException;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.GuestOffset;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.os.ClaimedDevice;
import io.basedisk.qcow2.os.OperatingSystem;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Writes a qcow2 image. The granularity is the cluster size. */
public final class Qcow2Writer implements ImageWriter {

  private static final int BYTES_TOGETHER = 1 << 20;

  private final NewHeader header;
  private final Destination destination;
  private final ClusterRange.Target target;
  private final Ranges ranges;
  private final int bytesTogether;
  private final Jobs jobs;

  private Qcow2Writer(Destination file, NewHeader header) {
    this.header = header;
    this.destination = file;
    Qcow2Options options = header.options();
    this.target =
        new ClusterRange.Target(
            file.file(),
            options.geometry(),
            new Layout(file.file(), options.geometry(), header.l1Entries()),
            options.backingFile() != null);
    this.ranges = new Ranges(header.virtualSize(), options.clusterSize());
    this.bytesTogether = Math.max(BYTES_TOGETHER, options.clusterSize());
    this.jobs =
        new Jobs(
            file,
            () ->
                options
                    .compression()
                    .map(how -> Workspace.compressing(bytesTogether, options.clusterSize(), how))
                    .orElseGet(() -> Workspace.plain(bytesTogether)));
  }

  /**
   * Starts a new image.
   *
   * @param path target path; no file may exist there
   * @param virtualSize virtual size in bytes, a multiple of 512
   * @param options the options of the new image
   * @param system the system calls to use
   * @return the writer of the image
   * @throws io.basedisk.domain.error.InvalidArgumentException if the format or its limits do not
   *     allow the size and options
   * @throws io.basedisk.domain.error.AlreadyExistsException if {@code path} exists
   * @throws StorageException if the file can't be created
   */
  public static Qcow2Writer create(
      Path path, long virtualSize, Qcow2Options options, OperatingSystem system) {
    NewHeader header = NewHeader.of(path, virtualSize, options);
    return new Qcow2Writer(NewFile.create(path, system), header);
  }

  /**
   * Starts a new image under its final name, like {@link #create} otherwise. The caller chooses a
   * name that marks the file as temporary, and makes the file durable. Before {@link #finish} the
   * file is not a valid image.
   *
   * @param path path of the new image; no file may exist there
   * @param virtualSize virtual size in bytes, a multiple of 512
   * @param options the options of the new image
   * @param system the system calls to use
   * @return the writer of the image
   */
  public static Qcow2Writer createInPlace(
      Path path, long virtualSize, Qcow2Options options, OperatingSystem system) {
    NewHeader header = NewHeader.of(path, virtualSize, options);
    return new Qcow2Writer(NewFile.createInPlace(path, system), header);
  }

  /**
   * Starts a new image on a block device, in place. First makes the space of the image zeros, which
   * removes the header of an older image. The header of the new image is written last. If writing
   * fails or is given up, the device has no valid image. Otherwise like {@link #create}.
   *
   * @param device the device, which the caller closes afterwards
   * @param path its path
   * @param virtualSize virtual size in bytes, a multiple of 512
   * @param options the options of the new image
   * @param space upper bound of the image's size in bytes, at most the size of the device
   * @return the writer of the image
   */
  public static Qcow2Writer createOnDevice(
      ClaimedDevice device, Path path, long virtualSize, Qcow2Options options, long space) {
    NewHeader header = NewHeader.of(path, virtualSize, options);
    DeviceDestination destination = DeviceDestination.of(device, path);
    try {
      destination.zero(0, space);
      // A power cut must not leave the old header with new content.
      destination.settle();
      return new Qcow2Writer(destination, header);
    } catch (RuntimeException e) {
      destination.close();
      throw e;
    }
  }

  @Override
  public int granularity() {
    return ranges.granularity();
  }

  @Override
  public void data(long offset, long length, GuestBytes source) {
    ranges.next(offset, length);
    for (long done = 0; done < length; done += bytesTogether) {
      int count = (int) Math.min(bytesTogether, length - done);
      jobs.submit(new ClusterRange(new GuestOffset(offset + done), count, source, target));
    }
  }

  @Override
  public boolean shared(long offset, long length, SharedBlocks blocks, GuestBytes source) {
    checkArgument(length % granularity() == 0, "%s bytes are not whole clusters", length);
    jobs.awaitTurn();
    HostOffset host = target.layout().end();
    if (!blocks.shareWith(host)) {
      // Tables written here leave out zeros; a partly shared range would show through.
      target.file().cutOff(host);
      data(offset, length, source);
      return false;
    }
    ranges.next(offset, length);
    target.layout().reserve(length / granularity());
    for (long done = 0; done < length; done += granularity()) {
      target.layout().placeData(new GuestOffset(offset + done), host.plus(done));
      target.layout().settle();
    }
    return true;
  }

  @Override
  public Path temporary() {
    return target.file().path();
  }

  @Override
  public void zeros(long offset, long length) {
    ranges.next(offset, length);
    if (target.backed()) {
      jobs.submit(new ZeroRange(new GuestOffset(offset), length, target));
    }
  }

  @Override
  public void finish() {
    jobs.finish(
        () -> {
          Layout.Tables tables = target.layout().finish();
          destination.settle();
          // Last: if the process dies before, the file it leaves is not an image.
          target.file().write(HostOffset.NOWHERE, encoded(tables));
        });
  }

  private ByteBuffer encoded(Layout.Tables tables) {
    try {
      return header.encode(tables);
    } catch (FormatException e) {
      throw new IllegalStateException("the same header was encoded before", e);
    }
  }

  @Override
  public void close() {
    jobs.close();
  }
}
