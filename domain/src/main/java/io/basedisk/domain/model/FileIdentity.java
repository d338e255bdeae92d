package io.basedisk.domain.model;

/** Which file a path names, however it is reached: the device and inode numbers. */
public record FileIdentity(long device, long inode) {

  @Override
  public String toString() {
    return device + ":" + inode;
  }
}
