package io.basedisk.domain.testing;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.port.PendingDeleteRecords;

/** The bases that may go, and those that are going in an {@link InMemoryTransaction}. */
final class InMemoryPendingDeletes implements PendingDeleteRecords {

  private final InMemoryTransaction transaction;

  InMemoryPendingDeletes(InMemoryTransaction transaction) {
    this.transaction = transaction;
  }

  @Override
  public ImmutableList<BaseDiskId> listCollectPending() {
    return ImmutableList.copyOf(transaction.state().collectPending);
  }

  @Override
  public ImmutableList<DeletingBase> list() {
    return ImmutableList.copyOf(transaction.state().deleting.values());
  }

  @Override
  public ImmutableList<DeletingBase> listChildren(BaseDiskId parent) {
    return transaction.state().deleting.values().stream()
        .filter(base -> parent.equals(base.parentId()))
        .collect(toImmutableList());
  }

  @Override
  public void insertCollectPending(BaseDiskId base) {
    transaction.change(
        () -> {
          transaction.bases().checkExists(base);
          return transaction.state().collectPending.add(base);
        });
  }

  @Override
  public void deleteCollectPending(BaseDiskId base) {
    transaction.change(() -> transaction.state().collectPending.remove(base));
  }

  @Override
  public void insert(DeletingBase base) {
    transaction.change(
        () -> {
          transaction.bases().checkNew(base.id(), base.path());
          transaction.bases().checkExists(base.parentId());
          return transaction.state().deleting.put(base.id(), base);
        });
  }

  @Override
  public void delete(BaseDiskId id) {
    transaction.change(() -> transaction.state().deleting.remove(id));
  }
}
