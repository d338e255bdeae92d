package io.basedisk.qcow2.write;

import io.basedisk.qcow2.format.HostOffset;

/** The content of a range of a disk, in a file on the same file system as the new image. */
@FunctionalInterface
public interface SharedBlocks {

  /**
   * Makes the new file have the range by sharing its blocks.
   *
   * @param to where it is to be in the new file
   * @return false if that can't be; the new file may have some of it nevertheless
   */
  boolean shareWith(HostOffset to);
}
