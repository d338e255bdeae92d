package io.basedisk.qcow2.os;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.qcow2.os.Descriptor.Access;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A block device that is claimed by an exclusive open. */
record LinuxDevice(Descriptor descriptor, LinuxHeldFile file, FileIdentity identity)
    implements ClaimedDevice {

  /** Errors that mean "this way of writing zeros is not possible". */
  private static final ImmutableSet<Integer> IMPOSSIBLE =
      ImmutableSet.of(LibC.EOPNOTSUPP, LibC.EINVAL, LibC.ENOSYS, LibC.EPERM);

  /**
   * Claims a device.
   *
   * @throws DeviceInUseException if it is mounted or claimed
   */
  static LinuxDevice claim(LinuxOpener opener, Path device) throws IOException {
    Descriptor descriptor;
    try {
      descriptor = opener.openExisting(device, Access.CLAIM);
    } catch (SystemCallException e) {
      throw e.errno() == LibC.EBUSY ? new DeviceInUseException(device, e) : e;
    }
    boolean claimed = false;
    try {
      FileStatus status = descriptor.status();
      if (!status.isBlockDevice()) {
        throw new FileSystemException(device.toString(), null, "not a block device");
      }
      claimed = true;
      return new LinuxDevice(descriptor, LinuxHeldFile.of(descriptor, device), status.identity());
    } finally {
      if (!claimed) {
        descriptor.close();
      }
    }
  }

  @Override
  public Path openable() {
    return file.openable();
  }

  @Override
  public boolean zero(long position, long length) throws IOException {
    // The first frees the space, but only where the device guarantees zeros. The second writes
    // them.
    return fallocate(LibC.FALLOC_FL_PUNCH_HOLE | LibC.FALLOC_FL_KEEP_SIZE, position, length)
        || fallocate(LibC.FALLOC_FL_ZERO_RANGE | LibC.FALLOC_FL_KEEP_SIZE, position, length);
  }

  private boolean fallocate(int mode, long position, long length) throws IOException {
    try {
      descriptor.allocate(mode, position, length);
      return true;
    } catch (SystemCallException e) {
      if (IMPOSSIBLE.contains(e.errno())) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    descriptor.close();
  }
}
