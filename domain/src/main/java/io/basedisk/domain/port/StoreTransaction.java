package io.basedisk.domain.port;

/**
 * A write transaction: it sees its own changes, and either all of them happen or none.
 *
 * <p>The store enforces these rules. A change that breaks a rule throws and ends the transaction:
 * every later use of it or of its parts is an {@link IllegalStateException}, and so is its commit.
 *
 * <ul>
 *   <li>Names in records refer to existing records: a base's parent, a reference's base and box, an
 *       intent's {@link io.basedisk.domain.model.intent.Intent#bases}, the parent of a deleting
 *       base, the base of a hold or of a collect-pending record. Otherwise: {@link
 *       io.basedisk.domain.error.NotFoundException}.
 *   <li>A base or box that another record names can't be deleted. Exception: holds and
 *       collect-pending records are deleted with their base. Otherwise: {@link
 *       io.basedisk.domain.error.RefusedException}.
 *   <li>Ids, the paths of bases and of deleting bases, the name of a base within its source box,
 *       box names and the paths of their disks are unique (a directory may hold disks of several
 *       boxes). Otherwise: {@link io.basedisk.domain.error.AlreadyExistsException}.
 * </ul>
 */
public interface StoreTransaction extends StoreView {

  @Override
  BaseRecords bases();

  @Override
  LayerRecords layers();

  @Override
  RootfsRecords rootfs();

  @Override
  BoxRecords boxes();

  @Override
  ReferenceRecords references();

  @Override
  IntentRecords intents();

  @Override
  PendingDeleteRecords pendingDeletes();

  @Override
  HoldRecords holds();

  @Override
  HomeRecords home();

  @Override
  LogRecords log();
}
