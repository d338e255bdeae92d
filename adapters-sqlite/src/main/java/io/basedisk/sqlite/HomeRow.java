package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.HOME;
import static io.basedisk.sqlite.jooq.Tables.HOME_IDENTITY;
import static io.basedisk.sqlite.jooq.Tables.LAST_WRITE;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.val;

import com.google.common.collect.Iterables;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.WhenLocksCantBeAsked;
import io.basedisk.sqlite.Statements.Recipe;
import java.nio.file.Path;
import java.util.Optional;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.ResultQuery;

/**
 * What concerns the home as a whole, in tables of one row at most: which it is ({@code
 * home_identity}), how often it was written to ({@code last_write}), and what was decided once
 * ({@code home}).
 */
final class HomeRow {

  /** The id of the one row. */
  private static final long ONLY_ROW = 1;

  private static final Recipe<ResultQuery<?>> IDENTITY = sql -> sql.selectFrom(HOME_IDENTITY);
  private static final Recipe<Query> PUT_IDENTITY =
      sql ->
          sql.insertInto(
                  HOME_IDENTITY,
                  HOME_IDENTITY.ID,
                  HOME_IDENTITY.HOME_ID,
                  HOME_IDENTITY.PATH,
                  HOME_IDENTITY.DEVICE,
                  HOME_IDENTITY.INODE)
              .values(0L, "", "", 0L, 0L)
              .onConflict(HOME_IDENTITY.ID)
              .doUpdate()
              .set(HOME_IDENTITY.HOME_ID, excluded(HOME_IDENTITY.HOME_ID))
              .set(HOME_IDENTITY.PATH, excluded(HOME_IDENTITY.PATH))
              .set(HOME_IDENTITY.DEVICE, excluded(HOME_IDENTITY.DEVICE))
              .set(HOME_IDENTITY.INODE, excluded(HOME_IDENTITY.INODE));

  private static final Recipe<ResultQuery<?>> WRITE_NUMBER =
      sql -> sql.selectFrom(LAST_WRITE).where(LAST_WRITE.ID.eq(inline(ONLY_ROW)));
  private static final Recipe<Query> COUNT_WRITE =
      sql ->
          sql.insertInto(LAST_WRITE, LAST_WRITE.ID, LAST_WRITE.NUMBER)
              .values(inline(ONLY_ROW), greatest(inline(1L), val(0L)))
              .onConflict(LAST_WRITE.ID)
              .doUpdate()
              .set(LAST_WRITE.NUMBER, greatest(LAST_WRITE.NUMBER.plus(inline(1L)), val(0L)));

  private static final Recipe<ResultQuery<?>> DECISION = sql -> sql.selectFrom(HOME);
  private static final Recipe<Query> DECIDE =
      sql ->
          sql.insertInto(HOME, HOME.ID, HOME.WHEN_LOCKS_CANT_BE_ASKED)
              .values(0L, "")
              .onConflictDoNothing();

  private final Session session;

  HomeRow(Session session) {
    this.session = session;
  }

  // Its identity.

  Optional<HomeIdentity> identity() {
    return session.find(IDENTITY, HomeRow::toIdentity);
  }

  private static HomeIdentity toIdentity(Record row) {
    return new HomeIdentity(
        new HomeId(row.get(HOME_IDENTITY.HOME_ID)),
        Path.of(row.get(HOME_IDENTITY.PATH)),
        new FileIdentity(row.get(HOME_IDENTITY.DEVICE), row.get(HOME_IDENTITY.INODE)));
  }

  void putIdentity(HomeIdentity identity) {
    session.run(
        PUT_IDENTITY,
        ONLY_ROW,
        identity.id().value(),
        PathText.of(identity.path()),
        identity.directory().device(),
        identity.directory().inode());
  }

  // The number of its last write.

  long writeNumber() {
    return session.find(WRITE_NUMBER, row -> row.get(LAST_WRITE.NUMBER)).orElse(0L);
  }

  long countWrite(long least) {
    session.run(COUNT_WRITE, least, least);
    return writeNumber();
  }

  // What was decided, which is written once.

  Optional<WhenLocksCantBeAsked> whenLocksCantBeAsked() {
    return Optional.ofNullable(Iterables.getFirst(session.list(DECISION, HomeRow::decision), null));
  }

  void decide(WhenLocksCantBeAsked decision) {
    if (session.run(DECIDE, ONLY_ROW, decision.label()) == 0) {
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
