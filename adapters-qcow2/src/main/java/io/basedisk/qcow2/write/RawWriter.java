package io.basedisk.qcow2.write;

import static com.google.common.base.Preconditions.checkArgument;

import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.os.OperatingSystem;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Writes a raw image. Blocks of zeros become holes. */
public final class RawWriter implements ImageWriter {

  /** Unit of zero detection, as in QEMU: the block size of most file systems. */
  static final int BLOCK = 4 << 10;

  private static final int BYTES_TOGETHER = 1 << 20;

  private final long size;
  private final NewFile file;
  private final Ranges ranges;
  private final Jobs jobs;

  /** End of the last range added by block sharing. */
  private long sharedEnd;

  private RawWriter(NewFile file, long size) {
    this.size = size;
    this.file = file;
    this.ranges = new Ranges(size, BLOCK);
    this.jobs = new Jobs(file, () -> Workspace.plain(BYTES_TOGETHER));
  }

  /**
   * Starts a new image.
   *
   * @param path target path; no file may exist there
   * @param size size in bytes, 0 or more
   * @param system the system calls to use
   * @return the writer of the image
   * @throws io.basedisk.domain.error.AlreadyExistsException if {@code path} exists
   * @throws io.basedisk.domain.error.StorageException if the file can't be created
   */
  public static RawWriter create(Path path, long size, OperatingSystem system) {
    return new RawWriter(NewFile.create(path, system), size);
  }

  @Override
  public int granularity() {
    return ranges.granularity();
  }

  @Override
  public void data(long offset, long length, GuestBytes source) {
    ranges.next(offset, length);
    for (long done = 0; done < length; done += BYTES_TOGETHER) {
      int count = (int) Math.min(BYTES_TOGETHER, length - done);
      jobs.submit(new BlockRange(offset + done, count, source, file.file()));
    }
  }

  @Override
  public boolean shared(long offset, long length, SharedBlocks blocks, GuestBytes source) {
    checkArgument(length % BLOCK == 0, "%s bytes are not whole blocks", length);
    if (!blocks.shareWith(new HostOffset(offset))) {
      data(offset, length, source);
      return false;
    }
    ranges.next(offset, length);
    sharedEnd = offset + length;
    return true;
  }

  @Override
  public Path temporary() {
    return file.file().path();
  }

  @Override
  public void zeros(long offset, long length) {
    ranges.next(offset, length);
  }

  @Override
  public void finish() {
    jobs.finish(this::writeEnd);
  }

  /** Extends the file to the size of the disk, if the disk ends in zeros. */
  private void writeEnd() {
    if (Math.max(file.file().length(), sharedEnd) < size) {
      file.file().write(new HostOffset(size - 1), ByteBuffer.allocate(1));
    }
  }

  @Override
  public void close() {
    jobs.close();
  }
}
