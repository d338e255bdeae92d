package io.basedisk.domain.model;

import org.jspecify.annotations.Nullable;

/**
 * The identity of a file, independent of its path: its device and inode numbers.
 *
 * <p>Two files have different identities while their file systems stay mounted. A new mount may
 * change the device number. The identity of a block device is its own number, with inode 0: all its
 * names are the same device.
 *
 * @param device device number
 * @param inode inode number on the device
 */
public record FileIdentity(long device, long inode) {

  // equals, hashCode and toString are written by hand: the JVM generates a record's own at their
  // first call, which takes as long as a store query of a short command.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FileIdentity file && device == file.device && inode == file.inode;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(device) + Long.hashCode(inode);
  }

  @Override
  public String toString() {
    return device + ":" + inode;
  }
}
