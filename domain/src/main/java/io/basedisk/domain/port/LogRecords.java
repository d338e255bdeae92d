package io.basedisk.domain.port;

import io.basedisk.domain.model.LoggedChange;
import java.time.Instant;
import java.util.List;

/** Changes to the log, in a {@link StoreTransaction}. */
public interface LogRecords extends LogView {

  /**
   * Appends entries, in order. Their numbers are greater than that of every earlier entry, also of
   * those that were dropped.
   *
   * @param at time of the changes, in whole seconds
   * @param changes what the entries report
   */
  void append(Instant at, List<LoggedChange> changes);
}
