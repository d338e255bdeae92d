package io.basedisk.domain.model;

import org.jspecify.annotations.Nullable;

/**
 * Which file a path names, however it is reached: the device and inode numbers.
 *
 * <p>It tells files apart as long as their file systems stay mounted. After a new mount the device
 * number may be another.
 */
public record FileIdentity(long device, long inode) {

  // Written out here and below: the methods that a record comes with are made when they are first
  // called, which takes a short command as long as a query of its store.

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
