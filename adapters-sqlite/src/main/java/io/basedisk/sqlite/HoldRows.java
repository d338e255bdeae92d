package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.HOLDS;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.Hold.Reason;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import io.basedisk.sqlite.Statements.Recipe;
import java.nio.file.Path;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.ResultQuery;

/** What keeps bases until it is released: table {@code holds}, whose path is empty for none. */
final class HoldRows {

  private static final Recipe<ResultQuery<?>> ALL =
      sql -> sql.selectFrom(HOLDS).orderBy(HOLDS.BASE_ID, HOLDS.REASON, HOLDS.PATH);
  private static final Recipe<ResultQuery<?>> ON =
      sql -> sql.selectFrom(HOLDS).where(HOLDS.BASE_ID.eq("")).orderBy(HOLDS.REASON, HOLDS.PATH);
  private static final Recipe<Query> INSERT =
      sql ->
          sql.insertInto(HOLDS, HOLDS.BASE_ID, HOLDS.REASON, HOLDS.PATH)
              .values("", "", "")
              .onConflictDoNothing();
  private static final Recipe<Query> REMOVE =
      sql ->
          sql.deleteFrom(HOLDS)
              .where(HOLDS.BASE_ID.eq(""))
              .and(HOLDS.REASON.eq(""))
              .and(HOLDS.PATH.eq(""));

  private final Session session;

  HoldRows(Session session) {
    this.session = session;
  }

  ImmutableList<Hold> list() {
    return session.list(ALL, HoldRows::toHold);
  }

  ImmutableList<Hold> on(BaseDiskId base) {
    return session.list(ON, HoldRows::toHold, base.value());
  }

  private static Hold toHold(Record row) {
    String path = row.get(HOLDS.PATH);
    return new Hold(
        new BaseDiskId(row.get(HOLDS.BASE_ID)),
        Reason.ofLabel(row.get(HOLDS.REASON)),
        path.isEmpty() ? null : Path.of(path));
  }

  void insert(Hold hold) {
    try {
      session.run(INSERT, hold.base().value(), hold.reason().label(), pathOf(hold));
    } catch (ConstraintViolation e) {
      BaseRows.checkExists(session, hold.base());
      throw e;
    }
  }

  void remove(Hold hold) {
    session.run(REMOVE, hold.base().value(), hold.reason().label(), pathOf(hold));
  }

  private static String pathOf(Hold hold) {
    return hold.path() == null ? "" : PathText.of(hold.path());
  }
}
