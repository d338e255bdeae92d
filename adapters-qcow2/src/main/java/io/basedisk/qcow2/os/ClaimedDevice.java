package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileIdentity;
import java.io.IOException;

/**
 * A block device that is open for writing, and claimed: until it is closed, the kernel does not
 * mount it, and uses it neither as swap nor for a volume. Thread-safe. A second close has no
 * effect.
 */
public interface ClaimedDevice extends HeldFile {

  /** {@return the identity of the device} */
  FileIdentity identity();

  /**
   * Makes a range read as zeros, and frees its space where the device can do that without a doubt
   * about the zeros. The device is told at once; its write cache may keep the change until a sync.
   *
   * @param position offset of the first byte, a multiple of 4 KiB
   * @param length length in bytes, a multiple of 4 KiB
   * @return false if this device or this system can't, so that the caller has to write zeros
   * @throws IOException if a system call fails
   */
  boolean zero(long position, long length) throws IOException;
}
