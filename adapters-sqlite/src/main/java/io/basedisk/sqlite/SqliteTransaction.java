package io.basedisk.sqlite;

import io.basedisk.domain.port.StoreTransaction;

/**
 * The parts of the store in one transaction, each on its own group of tables.
 *
 * <p>Each change is left to the constraints of the schema, which decide whether it may be. Only
 * when a constraint refuses it are there further queries, to find out what to say to the caller.
 */
record SqliteTransaction(
    BaseRows bases,
    RootfsRows rootfs,
    BoxRows boxes,
    ReferenceRows references,
    IntentRows intents,
    PendingDeleteRows pendingDeletes,
    HoldRows holds,
    HomeRows home)
    implements StoreTransaction {

  SqliteTransaction(Session session) {
    this(
        new BaseRows(session),
        new RootfsRows(session),
        new BoxRows(session),
        new ReferenceRows(session),
        new IntentRows(session),
        new PendingDeleteRows(session),
        new HoldRows(session),
        new HomeRows(session));
  }
}
