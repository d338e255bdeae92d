package io.basedisk.domain.port;

/**
 * A write transaction: it sees its own changes, and all of them happen or none.
 *
 * <p>The store keeps these rules itself, whatever the caller does. A change that would break one
 * throws, and the transaction is dead then: any later use of it or of its parts is an {@link
 * IllegalStateException}, and so is its commit.
 *
 * <ul>
 *   <li>What a record names exists: a base's parent, a reference's base and box, an intent's {@link
 *       Intent#bases}, the parent of a deleting base, the base of a hold or of a collect-pending
 *       record. Naming what does not exist is a {@link io.basedisk.domain.error.NotFoundException}.
 *   <li>A base or box that a record names can't be deleted (a hold and a collect-pending record are
 *       no obstacle; they go with their base): {@link io.basedisk.domain.error.RefusedException}.
 *   <li>Ids, the paths of bases and of deleting bases, the name of a base within its source box,
 *       box names and the paths of their disks are unique (a directory may hold disks of several
 *       boxes): {@link io.basedisk.domain.error.AlreadyExistsException}.
 * </ul>
 */
public interface StoreTransaction extends StoreView {

  @Override
  BaseRecords bases();

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
}
