package io.basedisk.domain.port;

import io.basedisk.domain.model.Hold;

/** The holds of a {@link StoreTransaction}. */
public interface HoldRecords extends HoldView {

  /**
   * Records a hold; no effect if it is recorded already. It goes with its base.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such base
   */
  void insert(Hold hold);

  /** Deletes a hold; no effect if there is none. */
  void delete(Hold hold);
}
