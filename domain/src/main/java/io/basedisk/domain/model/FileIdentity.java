package io.basedisk.domain.model;

/**
 * Which file a path names, however it is reached: the device and inode numbers.
 *
 * <p>It tells files apart as long as their file systems stay mounted. After a new mount the device
 * number may be another.
 */
public record FileIdentity(long device, long inode) {

  @Override
  public String toString() {
    return device + ":" + inode;
  }
}
