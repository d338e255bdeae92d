package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.COLLECT_PENDING;
import static io.basedisk.sqlite.jooq.Tables.DELETING_BASES;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.port.PendingDeleteRecords;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import java.nio.file.Path;

/** The records of pending deletes: tables {@code collect_pending} and {@code deleting_bases}. */
final class PendingDeleteRows implements PendingDeleteRecords {

  private static final HotStatement PENDING =
      new HotStatement(
          (sql, values) -> sql.selectFrom(COLLECT_PENDING).orderBy(COLLECT_PENDING.BASE_ID));
  private static final HotStatement DELETING =
      new HotStatement((sql, values) -> sql.selectFrom(DELETING_BASES).orderBy(DELETING_BASES.ID));

  private final Session session;

  PendingDeleteRows(Session session) {
    this.session = session;
  }

  // Bases that may be unused.

  @Override
  public ImmutableList<BaseDiskId> listCollectPending() {
    return session.list(PENDING.row(), row -> new BaseDiskId(row.get(COLLECT_PENDING.BASE_ID)));
  }

  @Override
  public void insertCollectPending(BaseDiskId base) {
    session.change(
        () -> {
          try {
            session
                .sql()
                .insertInto(COLLECT_PENDING)
                .set(COLLECT_PENDING.BASE_ID, base.value())
                .onConflictDoNothing()
                .execute();
          } catch (ConstraintViolation e) {
            new BaseConflicts(session).checkExists(base);
            throw e;
          }
        });
  }

  @Override
  public void deleteCollectPending(BaseDiskId base) {
    session.change(
        () -> {
          session
              .sql()
              .deleteFrom(COLLECT_PENDING)
              .where(COLLECT_PENDING.BASE_ID.eq(base.value()))
              .execute();
        });
  }

  // Bases that are being deleted.

  @Override
  public ImmutableList<DeletingBase> list() {
    return session.list(DELETING.row(), PendingDeleteRows::toDeleting);
  }

  @Override
  public ImmutableList<DeletingBase> listChildren(BaseDiskId parent) {
    return session.list(
        session
            .sql()
            .selectFrom(DELETING_BASES)
            .where(DELETING_BASES.PARENT_ID.eq(parent.value()))
            .orderBy(DELETING_BASES.ID),
        row -> toDeleting(row::get));
  }

  private static DeletingBase toDeleting(StoredRow row) {
    return new DeletingBase(
        new BaseDiskId(row.get(DELETING_BASES.ID)),
        Path.of(row.get(DELETING_BASES.BASE_PATH)),
        row.get(DELETING_BASES.PARENT_ID) == null
            ? null
            : new BaseDiskId(row.get(DELETING_BASES.PARENT_ID)));
  }

  @Override
  public void insert(DeletingBase base) {
    session.change(
        () -> {
          try {
            session
                .sql()
                .insertInto(DELETING_BASES)
                .set(DELETING_BASES.ID, base.id().value())
                .set(DELETING_BASES.BASE_PATH, PathText.of(base.path()))
                .set(
                    DELETING_BASES.PARENT_ID,
                    base.parentId() == null ? null : base.parentId().value())
                .execute();
          } catch (ConstraintViolation e) {
            new BaseConflicts(session).checkNew(base.id(), base.path());
            new BaseConflicts(session).checkExists(base.parentId());
            throw e;
          }
        });
  }

  @Override
  public void delete(BaseDiskId id) {
    session.change(
        () -> {
          session
              .sql()
              .deleteFrom(DELETING_BASES)
              .where(DELETING_BASES.ID.eq(id.value()))
              .execute();
        });
  }
}
