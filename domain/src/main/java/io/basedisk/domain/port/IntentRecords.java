package io.basedisk.domain.port;

import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.OperationId;

/** The intents of a {@link StoreTransaction}. */
public interface IntentRecords extends IntentView {

  /**
   * Records an intent, which claims its boxes, disk files, and the id, the file and the name of its
   * planned base.
   *
   * @throws io.basedisk.domain.error.BusyException if another intent claims one of these
   * @throws io.basedisk.domain.error.AlreadyExistsException if its planned base is recorded, or
   *     about to be deleted, already
   */
  void insert(Intent intent);

  /** Deletes an intent and its claims; no effect if there is none. */
  void delete(OperationId id);
}
