package io.basedisk.domain.port;

import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import org.jspecify.annotations.Nullable;

/** Changes to the bases, in a {@link StoreTransaction}. */
public interface BaseRecords extends BaseView {

  /**
   * Records a base.
   *
   * @param base the record
   */
  void insert(BaseDisk base);

  /**
   * Deletes the record of a base, with its fingerprint, its rootfs entry, its holds and its
   * collect-pending record.
   *
   * @param id id of the base
   * @return whether it existed
   * @throws io.basedisk.domain.error.RefusedException if a reference, another base, an intent or a
   *     deleting base names it
   */
  boolean delete(BaseDiskId id);

  /**
   * Deletes the records of all bases that were forked from a box. They may be in each other's
   * chains.
   *
   * @param sourceBox the box
   * @return how many records were deleted
   * @throws io.basedisk.domain.error.RefusedException if one of them is named by a reference, an
   *     intent, a deleting base, or a base that was forked from another box
   */
  int deleteOf(BoxId sourceBox);

  /**
   * Turns a base into a nameless {@code clone_base} of the same source box, so that it is collected
   * when it is not needed. Its name is free at once.
   *
   * @param id id of the base
   * @throws io.basedisk.domain.error.NotFoundException if the base does not exist
   * @throws IllegalArgumentException if the base is a rootfs
   */
  void demoteToCloneBase(BaseDiskId id);

  /**
   * Turns a clone base into a snapshot of a box.
   *
   * @param id id of the base
   * @param box its new source box
   * @param name its new name
   * @throws io.basedisk.domain.error.NotFoundException if the base does not exist
   * @throws io.basedisk.domain.error.AlreadyExistsException if another base of the box has the name
   * @throws IllegalArgumentException if the base is not a clone base
   */
  void promoteToSnapshot(BaseDiskId id, BoxId box, SnapshotName name);

  /**
   * Changes the name of a snapshot or clone base.
   *
   * @param id id of the base
   * @param name the new name
   * @throws io.basedisk.domain.error.NotFoundException if the base does not exist
   * @throws io.basedisk.domain.error.AlreadyExistsException if another base of the same source box
   *     has the name
   * @throws IllegalArgumentException if the base is a rootfs
   */
  void rename(BaseDiskId id, SnapshotName name);

  /**
   * Records the fingerprint of a base and replaces an older one. Deleted with the base.
   *
   * @param base id of the base
   * @param fingerprint the fingerprint
   * @throws io.basedisk.domain.error.NotFoundException if the base does not exist
   */
  void putFingerprint(BaseDiskId base, BaseFingerprint fingerprint);

  /**
   * Changes the recorded length of a base's file.
   *
   * @param base id of the base
   * @param sizeBytes length in bytes with holes, 0 or more
   * @throws io.basedisk.domain.error.NotFoundException if the base does not exist
   */
  void putSize(BaseDiskId base, long sizeBytes);

  /**
   * Changes the recorded parent of a base.
   *
   * @param base id of the base
   * @param parent id of the new parent; null for none
   * @throws io.basedisk.domain.error.NotFoundException if the base or the parent does not exist
   */
  void putParent(BaseDiskId base, @Nullable BaseDiskId parent);
}
