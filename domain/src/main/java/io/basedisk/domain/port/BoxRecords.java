package io.basedisk.domain.port;

import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;

/** Changes to the boxes, in a {@link StoreTransaction}. */
public interface BoxRecords extends BoxView {

  /**
   * Registers a box.
   *
   * @param box the record
   */
  void insert(Box box);

  /**
   * Deletes a box.
   *
   * @param id name of the box
   * @return whether it existed
   * @throws io.basedisk.domain.error.RefusedException if a reference names the box
   */
  boolean delete(BoxId id);

  /**
   * Renames a box. The references of its disks, the inode number of its directory, and all bases
   * that were forked from it follow. Its paths stay.
   *
   * @param id name of the box
   * @param newId the new name
   * @throws io.basedisk.domain.error.NotFoundException if the box does not exist
   * @throws io.basedisk.domain.error.AlreadyExistsException if another box has the new name, or a
   *     base that was forked from an earlier box of the new name has the name of a base of this box
   */
  void rename(BoxId id, BoxId newId);

  /**
   * Records the inode number of a box's disks directory and replaces an older one. Deleted with the
   * box.
   *
   * @param box name of the box
   * @param inode the inode number
   * @throws io.basedisk.domain.error.NotFoundException if the box does not exist
   */
  void putDirectoryInode(BoxId box, long inode);
}
