package io.basedisk.domain.port;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.DeletingBase;

/** Changes to the pending deletes, in a {@link StoreTransaction}. */
public interface PendingDeleteRecords extends PendingDeleteView {

  /**
   * Makes a base collect-pending: it may be unneeded. No effect if it already is. The record is
   * deleted with the base.
   *
   * @param base id of the base
   * @throws io.basedisk.domain.error.NotFoundException if the base does not exist
   */
  void insertCollectPending(BaseDiskId base);

  /**
   * Deletes the collect-pending record of a base; no effect if there is none.
   *
   * @param base id of the base
   */
  void deleteCollectPending(BaseDiskId base);

  /**
   * Records a deleting base. The record of the base must be deleted before; its file is deleted
   * afterwards.
   *
   * @param base the record
   * @throws io.basedisk.domain.error.AlreadyExistsException if another base or deleting base has
   *     the same id or file
   * @throws io.basedisk.domain.error.NotFoundException if its parent does not exist
   */
  void insert(DeletingBase base);

  /**
   * Deletes the record of a deleting base after its file was deleted; no effect if there is none.
   *
   * @param id id of the base
   */
  void delete(BaseDiskId id);
}
