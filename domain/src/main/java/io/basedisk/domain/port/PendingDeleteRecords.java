package io.basedisk.domain.port;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.DeletingBase;

/** The pending deletes of a {@link StoreTransaction}. */
public interface PendingDeleteRecords extends PendingDeleteView {

  /**
   * Records that a base may be unneeded; no effect if that is recorded already. The record goes
   * with the base.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such base
   */
  void insertCollectPending(BaseDiskId base);

  /** Deletes that record; no effect if there is none. */
  void deleteCollectPending(BaseDiskId base);

  /**
   * Records a deleting base: the record of the base is gone and its file is about to go.
   *
   * @throws io.basedisk.domain.error.AlreadyExistsException if a base, or another deleting base,
   *     has its id or its file
   * @throws io.basedisk.domain.error.NotFoundException if its parent is not recorded
   */
  void insert(DeletingBase base);

  /** Deletes the record of a deleting base, whose file is gone; no effect if there is none. */
  void delete(BaseDiskId id);
}
