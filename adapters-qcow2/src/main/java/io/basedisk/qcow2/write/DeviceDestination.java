package io.basedisk.qcow2.write;

import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.os.ClaimedDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A block device that is overwritten in place. Unlike a new file, it has old content, so that zeros
 * must be written. After a failure it keeps what was written so far.
 */
final class DeviceDestination implements Destination {

  /** The unit in which a device can write zeros by itself. */
  private static final int BLOCK = 4 << 10;

  /** Bytes of zeros between two checks for an interrupt: seconds for a slow device. */
  private static final long STEP = 256 << 20;

  private static final int BYTES_TOGETHER = 1 << 20;

  private final ClaimedDevice device;
  private final ImageFile file;

  private DeviceDestination(ClaimedDevice device, ImageFile file) {
    this.device = device;
    this.file = file;
  }

  /**
   * Opens a claimed device.
   *
   * @param device the device; this does not close it
   * @param path its path
   */
  static DeviceDestination of(ClaimedDevice device, Path path) {
    return new DeviceDestination(device, ImageFile.openClaimed(device, path));
  }

  @Override
  public Path target() {
    return file.path();
  }

  @Override
  public ImageFile file() {
    return file;
  }

  @Override
  public void settle() {
    file.force();
  }

  @Override
  public void publish() {
    file.force();
    file.close();
  }

  @Override
  public void close() {
    file.close();
  }

  // Zeros.

  /**
   * Makes a range zeros. If the thread is interrupted, ends between two steps.
   *
   * @param start offset of the first byte
   * @param end offset after the last byte
   */
  void zero(long start, long end) {
    for (long at = start; at < end; at = Math.min(end, at + STEP)) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedOperationException(target() + ": the writing was interrupted");
      }
      zeroStep(at, Math.min(end, at + STEP));
    }
  }

  private void zeroStep(long start, long end) {
    long first = Math.min(end, (start + BLOCK - 1) / BLOCK * BLOCK);
    long last = Math.max(first, end / BLOCK * BLOCK);
    writeZeros(start, first);
    if (first < last && !canZero(first, last)) {
      writeZeros(first, last);
    }
    writeZeros(last, end);
  }

  private boolean canZero(long start, long end) {
    try {
      return device.zero(start, end - start);
    } catch (IOException e) {
      throw FileFailure.of(target() + ": " + FileFailure.reasonOf(e), e);
    }
  }

  private void writeZeros(long start, long end) {
    for (long at = start; at < end; at += BYTES_TOGETHER) {
      int count = (int) Math.min(BYTES_TOGETHER, end - at);
      file.write(new HostOffset(at), ByteBuffer.allocateDirect(count));
    }
  }
}
