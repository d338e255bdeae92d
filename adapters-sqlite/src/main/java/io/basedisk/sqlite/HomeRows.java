package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.HOME;
import static io.basedisk.sqlite.jooq.Tables.HOME_IDENTITY;
import static io.basedisk.sqlite.jooq.Tables.LAST_WRITE;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.inline;

import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.HomeRecords;
import io.basedisk.sqlite.jooq.tables.records.HomeIdentityRecord;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The records of the home as a whole, in tables with at most one row: its identity ({@code
 * home_identity}), the number of its last write ({@code last_write}) and its settings ({@code
 * home}).
 */
final class HomeRows implements HomeRecords {

  /** The id of the one row. */
  private static final long ONLY_ROW = 1;

  private static final HotStatement WRITE_NUMBER =
      new HotStatement(
          (sql, values) ->
              sql.select(LAST_WRITE.NUMBER)
                  .from(LAST_WRITE)
                  .where(LAST_WRITE.ID.eq(inline(ONLY_ROW))));
  private static final HotStatement COUNT_WRITE =
      new HotStatement(
          (sql, values) ->
              sql.insertInto(LAST_WRITE, LAST_WRITE.ID, LAST_WRITE.NUMBER)
                  .values(inline(ONLY_ROW), greatest(inline(1L), values.of(LAST_WRITE.NUMBER)))
                  .onConflict(LAST_WRITE.ID)
                  .doUpdate()
                  .set(
                      LAST_WRITE.NUMBER,
                      greatest(LAST_WRITE.NUMBER.plus(inline(1L)), excluded(LAST_WRITE.NUMBER))));

  private final Session session;
  private final RelocationRows relocation;

  HomeRows(Session session) {
    this.session = session;
    this.relocation = new RelocationRows(session);
  }

  // The identity.

  @Override
  public Optional<HomeIdentity> findIdentity() {
    return session.find(session.sql().selectFrom(HOME_IDENTITY), HomeRows::toIdentity);
  }

  private static HomeIdentity toIdentity(HomeIdentityRecord row) {
    return new HomeIdentity(
        new HomeId(row.getHomeId()),
        Path.of(row.getPath()),
        new FileIdentity(row.getDevice(), row.getInode()));
  }

  @Override
  public void putIdentity(HomeIdentity identity) {
    session.change(
        () -> {
          session
              .sql()
              .insertInto(HOME_IDENTITY)
              .set(HOME_IDENTITY.ID, ONLY_ROW)
              .set(HOME_IDENTITY.HOME_ID, identity.id().value())
              .set(HOME_IDENTITY.PATH, PathText.of(identity.path()))
              .set(HOME_IDENTITY.DEVICE, identity.directory().device())
              .set(HOME_IDENTITY.INODE, identity.directory().inode())
              .onConflict(HOME_IDENTITY.ID)
              .doUpdate()
              .setAllToExcluded()
              .execute();
        });
  }

  // The number of the last write.

  @Override
  public long writeNumber() {
    return session.find(WRITE_NUMBER.row(), row -> row.get(LAST_WRITE.NUMBER)).orElse(0L);
  }

  @Override
  public long countWrite(long least) {
    return session.compute(
        () -> {
          session.run(COUNT_WRITE.with(LAST_WRITE.NUMBER, least));
          return writeNumber();
        });
  }

  // The settings, which are written once.

  @Override
  public Optional<UnknownUsePolicy> findUnknownUsePolicy() {
    return session.find(
        session.sql().selectFrom(HOME),
        row -> UnknownUsePolicy.ofLabel(row.getWhenLocksCantBeAsked()));
  }

  @Override
  public void decideUnknownUsePolicy(UnknownUsePolicy policy) {
    session.change(
        () -> {
          int decided =
              session
                  .sql()
                  .insertInto(HOME)
                  .set(HOME.ID, ONLY_ROW)
                  .set(HOME.WHEN_LOCKS_CANT_BE_ASKED, policy.label())
                  .onConflictDoNothing()
                  .execute();
          if (decided == 0) {
            findUnknownUsePolicy()
                .filter(made -> made != policy)
                .ifPresent(
                    made -> {
                      throw new RefusedException(
                          "it was decided for this home to "
                              + made.label()
                              + " where locks can't be asked, and that can't be changed");
                    });
          }
        });
  }

  // The relocation.

  @Override
  public Optional<Relocation> findRelocation() {
    return relocation.find();
  }

  @Override
  public void insertRelocation(Relocation relocation) {
    session.change(() -> this.relocation.insert(relocation));
  }

  @Override
  public void deleteRelocation() {
    session.change(relocation::delete);
  }

  @Override
  public void movePaths(Path from, Path to) {
    session.change(() -> new PathColumns(session).move(from, to));
  }
}
