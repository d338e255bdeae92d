package io.basedisk.domain.port;

import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BoxId;
import org.jspecify.annotations.Nullable;

/** The bases of a {@link StoreTransaction}. */
public interface BaseRecords extends BaseView {

  /** Records a base. */
  void insert(BaseDisk base);

  /**
   * Deletes the record of a base, with its fingerprint, its rootfs entry, its holds and its
   * collect-pending record.
   *
   * @return whether there was one
   * @throws io.basedisk.domain.error.RefusedException if a reference, another base, an intent or a
   *     deleting base names it
   */
  boolean delete(BaseDiskId id);

  /**
   * Deletes the records of all bases that were forked from {@code sourceBox}, whatever their order
   * in each other's chains.
   *
   * @return how many there were
   * @throws io.basedisk.domain.error.RefusedException if one of them is named by a reference, an
   *     intent, a deleting base, or a base that was forked from another box
   */
  int deleteOf(BoxId sourceBox);

  /**
   * Makes a base a nameless {@code clone_base} of the same source box, which is then collected when
   * nothing needs it. Its name is free at once.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such base
   * @throws IllegalArgumentException if it is a rootfs
   */
  void demoteToCloneBase(BaseDiskId id);

  /**
   * Records the fingerprint of a base, in place of any other. It goes with the base.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such base
   */
  void putFingerprint(BaseDiskId base, BaseFingerprint fingerprint);

  /**
   * Records another length of a base's file.
   *
   * @param sizeBytes its length in bytes, holes included; 0 or more
   * @throws io.basedisk.domain.error.NotFoundException if there is no such base
   */
  void putSize(BaseDiskId base, long sizeBytes);

  /**
   * Records another parent of a base, or none.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such base, or no such parent
   */
  void putParent(BaseDiskId base, @Nullable BaseDiskId parent);
}
