package io.basedisk.domain.testing;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import io.basedisk.domain.model.LogEntry;
import io.basedisk.domain.model.LogFilter;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.port.LogRecords;
import java.time.Instant;
import java.util.List;

/** The log in an {@link InMemoryTransaction}. */
final class InMemoryLog implements LogRecords {

  private final InMemoryTransaction transaction;

  InMemoryLog(InMemoryTransaction transaction) {
    this.transaction = transaction;
  }

  @Override
  public ImmutableList<LogEntry> list(LogFilter filter) {
    ImmutableList<LogEntry> matching =
        transaction.state().log.stream().filter(filter::matches).collect(toImmutableList());
    return matching.subList(Math.max(0, matching.size() - filter.limit()), matching.size());
  }

  @Override
  public void append(Instant at, List<LoggedChange> changes) {
    transaction.change(
        () -> {
          changes.forEach(change -> append(at, change));
          return true;
        });
  }

  private void append(Instant at, LoggedChange change) {
    List<LogEntry> log = transaction.state().log;
    long last = log.isEmpty() ? 0 : Iterables.getLast(log).number();
    log.add(new LogEntry(last + 1, at, change));
    if (log.size() > KEPT) {
      log.remove(0);
    }
  }
}
