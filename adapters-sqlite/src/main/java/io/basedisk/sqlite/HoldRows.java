package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.HOLDS;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.Hold.Reason;
import io.basedisk.domain.port.HoldRecords;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import io.basedisk.sqlite.jooq.tables.records.HoldsRecord;
import java.nio.file.Path;

/**
 * The records of holds, which keep bases until they are released: table {@code holds}. A hold
 * without a path has an empty one.
 */
final class HoldRows implements HoldRecords {

  private final Session session;

  HoldRows(Session session) {
    this.session = session;
  }

  @Override
  public ImmutableList<Hold> list() {
    return session.list(
        session.sql().selectFrom(HOLDS).orderBy(HOLDS.BASE_ID, HOLDS.REASON, HOLDS.PATH),
        HoldRows::toHold);
  }

  @Override
  public ImmutableList<Hold> listOn(BaseDiskId base) {
    return session.list(
        session
            .sql()
            .selectFrom(HOLDS)
            .where(HOLDS.BASE_ID.eq(base.value()))
            .orderBy(HOLDS.REASON, HOLDS.PATH),
        HoldRows::toHold);
  }

  private static Hold toHold(HoldsRecord row) {
    return new Hold(
        new BaseDiskId(row.getBaseId()),
        Reason.ofLabel(row.getReason()),
        row.getPath().isEmpty() ? null : Path.of(row.getPath()));
  }

  @Override
  public void insert(Hold hold) {
    session.change(
        () -> {
          try {
            session
                .sql()
                .insertInto(HOLDS)
                .set(HOLDS.BASE_ID, hold.base().value())
                .set(HOLDS.REASON, hold.reason().label())
                .set(HOLDS.PATH, pathOf(hold))
                .onConflictDoNothing()
                .execute();
          } catch (ConstraintViolation e) {
            new BaseConflicts(session).checkExists(hold.base());
            throw e;
          }
        });
  }

  @Override
  public void delete(Hold hold) {
    session.change(
        () -> {
          session
              .sql()
              .deleteFrom(HOLDS)
              .where(HOLDS.BASE_ID.eq(hold.base().value()))
              .and(HOLDS.REASON.eq(hold.reason().label()))
              .and(HOLDS.PATH.eq(pathOf(hold)))
              .execute();
        });
  }

  private static String pathOf(Hold hold) {
    return hold.path() == null ? "" : PathText.of(hold.path());
  }
}
