package io.basedisk.qcow2.write;

import io.basedisk.qcow2.os.ClaimedDevice;
import java.nio.file.Path;

/**
 * Writes a raw disk onto a block device, in place. Zeros are written too. The device after the end
 * of the disk stays as it is. If writing fails or is given up, the device keeps a part.
 */
public final class RawDeviceWriter implements ImageWriter {

  private static final int BYTES_TOGETHER = 1 << 20;

  private final long size;
  private final DeviceDestination device;
  private final Ranges ranges;
  private final Jobs jobs;

  /** End of the last range. */
  private long end;

  private RawDeviceWriter(DeviceDestination device, long size) {
    this.size = size;
    this.device = device;
    this.ranges = new Ranges(size, RawWriter.BLOCK);
    this.jobs = new Jobs(device, () -> Workspace.plain(BYTES_TOGETHER));
  }

  /**
   * Starts to write. Changes nothing yet.
   *
   * @param device the device, which the caller closes afterwards
   * @param path its path
   * @param size size of the disk in bytes, at most that of the device
   * @return the writer of the disk
   * @throws io.basedisk.domain.error.StorageException if the device can't be opened
   */
  public static RawDeviceWriter create(ClaimedDevice device, Path path, long size) {
    return new RawDeviceWriter(DeviceDestination.of(device, path), size);
  }

  @Override
  public int granularity() {
    return ranges.granularity();
  }

  @Override
  public void data(long offset, long length, GuestBytes source) {
    next(offset, length);
    for (long done = 0; done < length; done += BYTES_TOGETHER) {
      int count = (int) Math.min(BYTES_TOGETHER, length - done);
      jobs.submit(new DeviceRange(offset + done, count, source, device));
    }
  }

  /** Copies the range: a device shares no blocks with a file. */
  @Override
  public boolean shared(long offset, long length, SharedBlocks blocks, GuestBytes source) {
    data(offset, length, source);
    return false;
  }

  /** {@return the path of the device} */
  @Override
  public Path temporary() {
    return device.target();
  }

  @Override
  public void zeros(long offset, long length) {
    next(offset, length);
    device.zero(offset, offset + length);
  }

  /** Begins a range. A gap before it reads as zeros, as in every image without a backing file. */
  private void next(long offset, long length) {
    ranges.next(offset, length);
    device.zero(end, offset);
    end = offset + length;
  }

  @Override
  public void finish() {
    device.zero(end, size);
    jobs.finish(() -> {});
  }

  /** Ends the writing. */
  @Override
  public void close() {
    jobs.close();
  }
}
