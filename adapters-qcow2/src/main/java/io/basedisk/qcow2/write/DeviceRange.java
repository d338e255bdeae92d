package io.basedisk.qcow2.write;

import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.Zeros;
import java.nio.ByteBuffer;

/** A job that copies a range from a source to a block device. The old content does not stay. */
final class DeviceRange implements Pipeline.Job {

  private final long start;
  private final int length;
  private final GuestBytes source;
  private final DeviceDestination device;

  DeviceRange(long start, int length, GuestBytes source, DeviceDestination device) {
    this.start = start;
    this.length = length;
    this.source = source;
    this.device = device;
  }

  @Override
  public void prepare(Workspace workspace) {
    source.read(start, workspace.guest().clear().limit(length));
  }

  @Override
  public void place() {}

  @Override
  public void complete(Workspace workspace) {
    ByteBuffer guest = workspace.guest().position(0).limit(length);
    if (Zeros.isZero(guest.slice(0, length))) {
      device.zero(start, start + length);
    } else {
      device.file().write(new HostOffset(start), guest);
    }
  }
}
