package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.HOLDS;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.Hold.Reason;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import io.basedisk.sqlite.jooq.tables.records.HoldsRecord;
import java.nio.file.Path;

/** What keeps bases until it is released: table {@code holds}, whose path is empty for none. */
final class HoldRows {

  private final Session session;

  HoldRows(Session session) {
    this.session = session;
  }

  ImmutableList<Hold> list() {
    return session.list(
        session.sql().selectFrom(HOLDS).orderBy(HOLDS.BASE_ID, HOLDS.REASON, HOLDS.PATH),
        HoldRows::toHold);
  }

  ImmutableList<Hold> on(BaseDiskId base) {
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

  void insert(Hold hold) {
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
      BaseRows.checkExists(session, hold.base());
      throw e;
    }
  }

  void remove(Hold hold) {
    session
        .sql()
        .deleteFrom(HOLDS)
        .where(HOLDS.BASE_ID.eq(hold.base().value()))
        .and(HOLDS.REASON.eq(hold.reason().label()))
        .and(HOLDS.PATH.eq(pathOf(hold)))
        .execute();
  }

  private static String pathOf(Hold hold) {
    return hold.path() == null ? "" : PathText.of(hold.path());
  }
}
