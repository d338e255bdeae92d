package io.basedisk.qcow2.write;

import static com.google.common.base.Preconditions.checkArgument;

import io.basedisk.domain.error.StorageException;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.GuestOffset;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.os.OperatingSystem;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Writes a qcow2 image. Its granularity is the cluster. */
public final class Qcow2Writer implements ImageWriter {

  private static final int BYTES_TOGETHER = 1 << 20;

  private final NewHeader header;
  private final ClusterRange.Target target;
  private final Ranges ranges;
  private final int bytesTogether;
  private final Jobs jobs;

  private Qcow2Writer(NewFile file, NewHeader header) {
    this.header = header;
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
   * Starts to write an image.
   *
   * @param path where it is to be; nothing may be there
   * @param virtualSize the bytes of its disk, a multiple of 512
   * @throws io.basedisk.domain.error.InvalidArgumentException if there is no such image
   * @throws io.basedisk.domain.error.AlreadyExistsException if something is there
   * @throws StorageException if no file can be made there
   */
  public static Qcow2Writer create(
      Path path, long virtualSize, Qcow2Options options, OperatingSystem system) {
    NewHeader header = NewHeader.of(path, virtualSize, options);
    return new Qcow2Writer(NewFile.create(path, system), header);
  }

  /**
   * Starts to write an image that has its name from the start: it is for who has chosen a name by
   * which it is known to be temporary, and who makes it durable. It is no image before it is
   * finished. Otherwise as {@link #create}.
   */
  public static Qcow2Writer createInPlace(
      Path path, long virtualSize, Qcow2Options options, OperatingSystem system) {
    NewHeader header = NewHeader.of(path, virtualSize, options);
    return new Qcow2Writer(NewFile.createInPlace(path, system), header);
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
      // What there is of it would be taken for what tables have there: these leave out zeros.
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
          // Last: without it, a file that a dying process leaves is no image.
          target.file().write(HostOffset.NOWHERE, encoded(tables));
        });
  }

  private ByteBuffer encoded(Layout.Tables tables) {
    try {
      return header.encode(tables);
    } catch (FormatException e) {
      throw new IllegalStateException("it could be encoded before", e);
    }
  }

  @Override
  public void close() {
    jobs.close();
  }
}
