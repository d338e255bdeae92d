package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.Intent;
import java.util.Optional;

/** The intents in a {@link StoreView}: operations that are running or were interrupted. */
public interface IntentView {

  /**
   * {@return the intent with an id; empty if there is none}
   *
   * @param id id of the operation
   */
  Optional<Intent> find(OperationId id);

  /** {@return every intent, ordered by id} */
  ImmutableList<Intent> list();

  /**
   * {@return the ids of the intents that name a base in {@link Intent#bases}, in ascending order}
   *
   * @param base id of the base
   */
  ImmutableList<OperationId> listNaming(BaseDiskId base);
}
