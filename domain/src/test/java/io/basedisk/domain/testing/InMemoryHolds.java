package io.basedisk.domain.testing;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.port.HoldRecords;
import java.util.Comparator;

/** The holds in an {@link InMemoryTransaction}. */
final class InMemoryHolds implements HoldRecords {

  private final InMemoryTransaction transaction;

  InMemoryHolds(InMemoryTransaction transaction) {
    this.transaction = transaction;
  }

  @Override
  public ImmutableList<Hold> list() {
    return transaction.state().holds.stream()
        .sorted(
            Comparator.comparing(Hold::base)
                .thenComparing(hold -> hold.reason().label())
                .thenComparing(hold -> String.valueOf(hold.path())))
        .collect(toImmutableList());
  }

  @Override
  public ImmutableList<Hold> listOn(BaseDiskId base) {
    return list().stream().filter(hold -> hold.base().equals(base)).collect(toImmutableList());
  }

  @Override
  public void insert(Hold hold) {
    transaction.change(
        () -> {
          transaction.bases().checkExists(hold.base());
          return transaction.state().holds.add(hold);
        });
  }

  @Override
  public void delete(Hold hold) {
    transaction.change(() -> transaction.state().holds.remove(hold));
  }
}
