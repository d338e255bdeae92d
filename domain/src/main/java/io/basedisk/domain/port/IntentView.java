package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.OperationId;
import java.util.Optional;

/** The intents of a {@link StoreView}: operations that are under way, or were interrupted. */
public interface IntentView {

  /** Returns the intent with that id. */
  Optional<Intent> find(OperationId id);

  /** Returns every intent, ordered by id. */
  ImmutableList<Intent> list();

  /**
   * Returns the ids of the intents that have {@code base} among their {@link Intent#bases}, in
   * their order.
   */
  ImmutableList<OperationId> listNaming(BaseDiskId base);
}
