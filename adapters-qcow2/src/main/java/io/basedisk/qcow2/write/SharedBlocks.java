package io.basedisk.qcow2.write;

import io.basedisk.qcow2.format.HostOffset;

/**
 * A range of a disk whose blocks can be shared: it lies in a file on the new image's file system.
 */
@FunctionalInterface
public interface SharedBlocks {

  /**
   * Shares the range's blocks with the new file.
   *
   * @param to offset in the new file
   * @return false if sharing fails; a part of the range may be shared nevertheless
   */
  boolean shareWith(HostOffset to);
}
