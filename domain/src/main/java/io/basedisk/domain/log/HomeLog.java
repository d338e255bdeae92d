package io.basedisk.domain.log;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.LogEntry;
import io.basedisk.domain.model.LogFilter;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.LogView;
import javax.inject.Inject;

/**
 * Lists the log of a home: the last changes of its records, at least the newest {@value
 * LogView#KEPT}. Works in a read-only home too. Changes nothing. Thread-safe.
 */
public final class HomeLog {

  private final BaseDiskStore store;

  @Inject
  HomeLog(BaseDiskStore store) {
    this.store = store;
  }

  /**
   * {@return the entries that match a filter, oldest first}
   *
   * @param filter which entries
   * @throws NotFoundException if the filter names a box that does not exist and that no entry
   *     names. Not thrown if the filter has a number that the entries come after.
   */
  public ImmutableList<LogEntry> list(LogFilter filter) {
    return store.read(
        view -> {
          ImmutableList<LogEntry> entries = view.log().list(filter);
          BoxId box = filter.box();
          // A caller that follows the log has listed the box before, and the box may be gone since.
          if (entries.isEmpty() && box != null && filter.after() == 0) {
            RegisteredBoxes.require(view, box);
          }
          return entries;
        });
  }
}
