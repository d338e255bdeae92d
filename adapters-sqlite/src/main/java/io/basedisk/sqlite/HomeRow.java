package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.HOME;

import com.google.common.collect.Iterables;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.WhenLocksCantBeAsked;
import io.basedisk.sqlite.Statements.Recipe;
import java.util.Optional;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.ResultQuery;

/** What was decided for the home: table {@code home}, whose only row is written once. */
final class HomeRow {

  private static final Recipe<ResultQuery<?>> FIND = sql -> sql.selectFrom(HOME);
  private static final Recipe<Query> DECIDE =
      sql ->
          sql.insertInto(HOME, HOME.ID, HOME.WHEN_LOCKS_CANT_BE_ASKED)
              .values(0L, "")
              .onConflictDoNothing();

  private final Session session;

  HomeRow(Session session) {
    this.session = session;
  }

  Optional<WhenLocksCantBeAsked> whenLocksCantBeAsked() {
    return Optional.ofNullable(Iterables.getFirst(session.list(FIND, HomeRow::decision), null));
  }

  void decide(WhenLocksCantBeAsked decision) {
    if (session.run(DECIDE, 1L, decision.label()) == 0) {
      whenLocksCantBeAsked()
          .filter(made -> made != decision)
          .ifPresent(
              made -> {
                throw new RefusedException(
                    "it was decided for this home to "
                        + made.label()
                        + " where locks can't be asked, and that can't be changed");
              });
    }
  }

  private static WhenLocksCantBeAsked decision(Record row) {
    return WhenLocksCantBeAsked.ofLabel(row.get(HOME.WHEN_LOCKS_CANT_BE_ASKED));
  }
}
