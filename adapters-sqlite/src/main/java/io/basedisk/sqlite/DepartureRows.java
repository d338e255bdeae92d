package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.COLLECT_PENDING;
import static io.basedisk.sqlite.jooq.Tables.DELETING_BASES;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import io.basedisk.sqlite.Statements.Recipe;
import java.nio.file.Path;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.ResultQuery;

/** The bases on their way out: tables {@code collect_pending} and {@code deleting_bases}. */
final class DepartureRows {

  private static final Recipe<ResultQuery<?>> PENDING =
      sql -> sql.selectFrom(COLLECT_PENDING).orderBy(COLLECT_PENDING.BASE_ID);
  private static final Recipe<ResultQuery<?>> DELETING =
      sql -> sql.selectFrom(DELETING_BASES).orderBy(DELETING_BASES.ID);

  private static final Recipe<ResultQuery<?>> DELETING_CHILDREN =
      sql ->
          sql.selectFrom(DELETING_BASES)
              .where(DELETING_BASES.PARENT_ID.eq(""))
              .orderBy(DELETING_BASES.ID);

  private static final Recipe<Query> INSERT_PENDING =
      sql ->
          sql.insertInto(COLLECT_PENDING, COLLECT_PENDING.BASE_ID).values("").onConflictDoNothing();
  private static final Recipe<Query> REMOVE_PENDING =
      sql -> sql.deleteFrom(COLLECT_PENDING).where(COLLECT_PENDING.BASE_ID.eq(""));
  private static final Recipe<Query> INSERT_DELETING =
      sql ->
          sql.insertInto(
                  DELETING_BASES,
                  DELETING_BASES.ID,
                  DELETING_BASES.BASE_PATH,
                  DELETING_BASES.PARENT_ID)
              .values("", "", "");
  private static final Recipe<Query> REMOVE_DELETING =
      sql -> sql.deleteFrom(DELETING_BASES).where(DELETING_BASES.ID.eq(""));

  private final Session session;

  DepartureRows(Session session) {
    this.session = session;
  }

  // Bases that may be unneeded.

  ImmutableList<BaseDiskId> collectPending() {
    return session.list(PENDING, row -> new BaseDiskId(row.get(COLLECT_PENDING.BASE_ID)));
  }

  void insertCollectPending(BaseDiskId base) {
    try {
      session.run(INSERT_PENDING, base.value());
    } catch (ConstraintViolation e) {
      BaseRows.checkExists(session, base);
      throw e;
    }
  }

  void removeCollectPending(BaseDiskId base) {
    session.run(REMOVE_PENDING, base.value());
  }

  // Bases whose file is about to go.

  ImmutableList<DeletingBase> deleting() {
    return session.list(DELETING, DepartureRows::toDeleting);
  }

  ImmutableList<DeletingBase> deletingChildren(BaseDiskId parent) {
    return session.list(DELETING_CHILDREN, DepartureRows::toDeleting, parent.value());
  }

  private static DeletingBase toDeleting(Record row) {
    return new DeletingBase(
        new BaseDiskId(row.get(DELETING_BASES.ID)),
        Path.of(row.get(DELETING_BASES.BASE_PATH)),
        row.get(DELETING_BASES.PARENT_ID) == null
            ? null
            : new BaseDiskId(row.get(DELETING_BASES.PARENT_ID)));
  }

  void insertDeleting(DeletingBase base) {
    try {
      session.run(
          INSERT_DELETING,
          base.id().value(),
          PathText.of(base.path()),
          base.parentId() == null ? null : base.parentId().value());
    } catch (ConstraintViolation e) {
      BaseRows.checkNew(session, base.id(), base.path());
      BaseRows.checkExists(session, base.parentId());
      throw e;
    }
  }

  void removeDeleting(BaseDiskId id) {
    session.run(REMOVE_DELETING, id.value());
  }
}
