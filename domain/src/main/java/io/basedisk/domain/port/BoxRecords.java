package io.basedisk.domain.port;

import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;

/** The boxes of a {@link StoreTransaction}. */
public interface BoxRecords extends BoxView {

  /** Registers a box. */
  void insert(Box box);

  /**
   * Deletes a box.
   *
   * @return whether there was one
   * @throws io.basedisk.domain.error.RefusedException if a reference names it
   */
  boolean delete(BoxId id);

  /**
   * Records the inode number of a box's disks directory, in place of any other. It goes with the
   * box.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such box
   */
  void putDirectoryInode(BoxId box, long inode);
}
