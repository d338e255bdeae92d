package io.basedisk.sqlite;

import io.basedisk.domain.port.StoreTransaction;

/**
 * All parts of the store in one transaction. Each part has its own group of tables.
 *
 * <p>The constraints of the schema decide whether a change is allowed. Only if a constraint refuses
 * it, further queries find the error to report.
 */
record SqliteTransaction(
    BaseRows bases,
    LayerRows layers,
    RootfsRows rootfs,
    BoxRows boxes,
    ReferenceRows references,
    IntentRows intents,
    PendingDeleteRows pendingDeletes,
    HoldRows holds,
    HomeRows home,
    LogRows log)
    implements StoreTransaction {

  SqliteTransaction(Session session) {
    this(
        new BaseRows(session),
        new LayerRows(session),
        new RootfsRows(session),
        new BoxRows(session),
        new ReferenceRows(session),
        new IntentRows(session),
        new PendingDeleteRows(session),
        new HoldRows(session),
        new HomeRows(session),
        new LogRows(session));
  }
}
