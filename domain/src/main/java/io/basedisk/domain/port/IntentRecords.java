package io.basedisk.domain.port;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.Intent;

/** Changes to the intents, in a {@link StoreTransaction}. */
public interface IntentRecords extends IntentView {

  /**
   * Records an intent and its claims: its boxes, its disk files, and the id, file and name of its
   * planned base.
   *
   * @param intent the intent
   * @throws io.basedisk.domain.error.BusyException if another intent claims one of these
   * @throws io.basedisk.domain.error.AlreadyExistsException if its planned base is already recorded
   *     as a base or a deleting base
   */
  void insert(Intent intent);

  /**
   * Adds a base to the bases that the intent of an import keeps; no effect if it is one of them.
   *
   * @param id id of the import
   * @param base id of the base
   * @throws io.basedisk.domain.error.NotFoundException if the base or the intent does not exist
   * @throws IllegalArgumentException if the intent is another operation's
   */
  void keepBase(OperationId id, BaseDiskId base);

  /**
   * Deletes an intent and its claims; no effect if there is none.
   *
   * @param id id of the operation
   */
  void delete(OperationId id);
}
