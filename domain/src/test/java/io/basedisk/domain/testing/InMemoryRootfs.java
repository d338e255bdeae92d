package io.basedisk.domain.testing;

import com.google.common.base.Preconditions;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.domain.port.RootfsRecords;
import java.util.Optional;

/** The entries and keys of the rootfs cache in an {@link InMemoryTransaction}. */
final class InMemoryRootfs implements RootfsRecords {

  private final InMemoryTransaction transaction;

  InMemoryRootfs(InMemoryTransaction transaction) {
    this.transaction = transaction;
  }

  @Override
  public Optional<RootfsEntry> find(BaseDiskId base) {
    return Optional.ofNullable(transaction.state().rootfsEntries.get(base));
  }

  @Override
  public void put(BaseDiskId base, RootfsEntry entry) {
    transaction.change(
        () -> {
          transaction.bases().checkExists(base);
          return transaction.state().rootfsEntries.put(base, entry);
        });
  }

  @Override
  public void supersede(BaseDiskId id) {
    transaction.change(
        () -> {
          transaction.bases().checkExists(id);
          BaseDisk base = transaction.state().bases.get(id);
          Preconditions.checkArgument(base.kind() == BaseDiskKind.ROOTFS, "%s is no rootfs", id);
          return transaction
              .state()
              .bases
              .put(id, InMemoryBases.nameless(base, BaseDiskKind.ROOTFS));
        });
  }
}
