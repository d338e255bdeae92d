package io.basedisk.sqlite;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.basedisk.sqlite.jooq.Tables.RELOCATION;
import static io.basedisk.sqlite.jooq.Tables.RELOCATION_LEFT_OUT;
import static io.basedisk.sqlite.jooq.Tables.RELOCATION_REWRITES;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.Relocation.HeaderRewrite;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import io.basedisk.sqlite.jooq.tables.records.RelocationRecord;
import io.basedisk.sqlite.jooq.tables.records.RelocationRewritesRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The record of the home's relocation: table {@code relocation}, with at most one row, and one more
 * table each for the headers that it changes and the boxes that it skips.
 */
final class RelocationRows {

  /** The id of the one row. */
  private static final long ONLY_ROW = 1;

  /** The most rows of one insert. */
  private static final int MAX_ROWS = 100;

  private final Session session;

  RelocationRows(Session session) {
    this.session = session;
  }

  Optional<Relocation> find() {
    return session.find(session.sql().selectFrom(RELOCATION), this::toRelocation);
  }

  private Relocation toRelocation(RelocationRecord row) {
    return new Relocation(
        new OperationId(row.getOperation()),
        new HomeIdentity(
            new HomeId(row.getFromHomeId()),
            Path.of(row.getFromPath()),
            new FileIdentity(row.getFromDevice(), row.getFromInode())),
        new HomeIdentity(
            new HomeId(row.getToHomeId()),
            Path.of(row.getToPath()),
            new FileIdentity(row.getToDevice(), row.getToInode())),
        session.list(
            session.sql().selectFrom(RELOCATION_REWRITES).orderBy(RELOCATION_REWRITES.ORDINAL),
            RelocationRows::toRewrite),
        session.list(
            session.sql().selectFrom(RELOCATION_LEFT_OUT).orderBy(RELOCATION_LEFT_OUT.ORDINAL),
            left -> new BoxId(left.getBoxId())));
  }

  private static HeaderRewrite toRewrite(RelocationRewritesRecord row) {
    return new HeaderRewrite(
        Path.of(row.getFile()),
        row.getInode(),
        Math.toIntExact(row.getMode()),
        new HeaderPatch(
            Math.toIntExact(row.getPatchOffset()), row.getBytesBefore(), row.getBytesAfter()));
  }

  void insert(Relocation relocation) {
    HomeIdentity from = relocation.from();
    HomeIdentity to = relocation.to();
    try {
      session
          .sql()
          .insertInto(RELOCATION)
          .set(RELOCATION.ID, ONLY_ROW)
          .set(RELOCATION.OPERATION, relocation.operation().value())
          .set(RELOCATION.FROM_HOME_ID, from.id().value())
          .set(RELOCATION.FROM_PATH, PathText.of(from.path()))
          .set(RELOCATION.FROM_DEVICE, from.directory().device())
          .set(RELOCATION.FROM_INODE, from.directory().inode())
          .set(RELOCATION.TO_HOME_ID, to.id().value())
          .set(RELOCATION.TO_PATH, PathText.of(to.path()))
          .set(RELOCATION.TO_DEVICE, to.directory().device())
          .set(RELOCATION.TO_INODE, to.directory().inode())
          .execute();
    } catch (ConstraintViolation e) {
      for (Relocation other : find().stream().collect(toImmutableList())) {
        throw new BusyException("the home", other.operation().value());
      }
      throw e;
    }
    insertRewrites(relocation.rewrites());
    insertLeftOut(relocation.leftOut());
  }

  private void insertRewrites(ImmutableList<HeaderRewrite> rewrites) {
    long ordinal = 0;
    for (List<HeaderRewrite> part : Lists.partition(rewrites, MAX_ROWS)) {
      var insert =
          session
              .sql()
              .insertInto(
                  RELOCATION_REWRITES,
                  RELOCATION_REWRITES.RELOCATION_ID,
                  RELOCATION_REWRITES.ORDINAL,
                  RELOCATION_REWRITES.FILE,
                  RELOCATION_REWRITES.INODE,
                  RELOCATION_REWRITES.MODE,
                  RELOCATION_REWRITES.PATCH_OFFSET,
                  RELOCATION_REWRITES.BYTES_BEFORE,
                  RELOCATION_REWRITES.BYTES_AFTER);
      for (HeaderRewrite rewrite : part) {
        insert =
            insert.values(
                ONLY_ROW,
                ordinal++,
                PathText.of(rewrite.file()),
                rewrite.inode(),
                (long) rewrite.mode(),
                (long) rewrite.patch().offset(),
                rewrite.patch().before(),
                rewrite.patch().after());
      }
      insert.execute();
    }
  }

  private void insertLeftOut(ImmutableList<BoxId> leftOut) {
    long ordinal = 0;
    for (List<BoxId> part : Lists.partition(leftOut, MAX_ROWS)) {
      var insert =
          session
              .sql()
              .insertInto(
                  RELOCATION_LEFT_OUT,
                  RELOCATION_LEFT_OUT.RELOCATION_ID,
                  RELOCATION_LEFT_OUT.ORDINAL,
                  RELOCATION_LEFT_OUT.BOX_ID);
      for (BoxId box : part) {
        insert = insert.values(ONLY_ROW, ordinal++, box.value());
      }
      insert.execute();
    }
  }

  void delete() {
    session.sql().deleteFrom(RELOCATION).execute();
  }
}
