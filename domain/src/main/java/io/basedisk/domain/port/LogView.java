package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.LogEntry;
import io.basedisk.domain.model.LogFilter;

/**
 * The log in a {@link StoreView}: the newest changes of the home's records. The store keeps at
 * least the {@link #KEPT} newest entries, and drops older ones when new ones come.
 */
public interface LogView {

  /** How many entries the store keeps at least. */
  int KEPT = 10_000;

  /** How many more entries the store may keep, so that it drops many at once. */
  int SURPLUS = 256;

  /**
   * {@return the entries that match a filter, oldest first} A list takes time proportional to the
   * number of all entries that come after {@link LogFilter#after}.
   *
   * @param filter which entries
   */
  ImmutableList<LogEntry> list(LogFilter filter);
}
