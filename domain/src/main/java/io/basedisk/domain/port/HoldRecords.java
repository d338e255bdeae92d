package io.basedisk.domain.port;

import io.basedisk.domain.model.Hold;

/** Changes to the holds, in a {@link StoreTransaction}. */
public interface HoldRecords extends HoldView {

  /**
   * Records a hold; no effect if it is recorded already. Deleted with its base.
   *
   * @param hold the hold
   * @throws io.basedisk.domain.error.NotFoundException if the base does not exist
   */
  void insert(Hold hold);

  /**
   * Deletes a hold; no effect if there is none.
   *
   * @param hold the hold
   */
  void delete(Hold hold);
}
