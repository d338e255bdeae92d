package io.basedisk.sqlite;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.basedisk.sqlite.jooq.Tables.RELOCATION;
import static io.basedisk.sqlite.jooq.Tables.RELOCATION_LEFT_OUT;
import static io.basedisk.sqlite.jooq.Tables.RELOCATION_REWRITES;

import com.google.common.collect.ImmutableList;
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
import io.basedisk.sqlite.Statements.Recipe;
import java.nio.file.Path;
import java.util.Optional;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.ResultQuery;

/**
 * The relocation of the home: table {@code relocation}, which has one row at most, with a table
 * each for the headers that it changes and the boxes that it leaves out.
 */
final class RelocationRows {

  /** The id of the one row. */
  private static final long ONLY_ROW = 1;

  private static final Recipe<ResultQuery<?>> FIND = sql -> sql.selectFrom(RELOCATION);
  private static final Recipe<ResultQuery<?>> REWRITES =
      sql -> sql.selectFrom(RELOCATION_REWRITES).orderBy(RELOCATION_REWRITES.ORDINAL);
  private static final Recipe<ResultQuery<?>> LEFT_OUT =
      sql -> sql.selectFrom(RELOCATION_LEFT_OUT).orderBy(RELOCATION_LEFT_OUT.ORDINAL);

  private static final Recipe<Query> INSERT =
      sql ->
          sql.insertInto(
                  RELOCATION,
                  RELOCATION.ID,
                  RELOCATION.OPERATION,
                  RELOCATION.FROM_HOME_ID,
                  RELOCATION.FROM_PATH,
                  RELOCATION.FROM_DEVICE,
                  RELOCATION.FROM_INODE,
                  RELOCATION.TO_HOME_ID,
                  RELOCATION.TO_PATH,
                  RELOCATION.TO_DEVICE,
                  RELOCATION.TO_INODE)
              .values(0L, 0L, "", "", 0L, 0L, "", "", 0L, 0L);
  private static final Recipe<Query> INSERT_REWRITE =
      sql ->
          sql.insertInto(
                  RELOCATION_REWRITES,
                  RELOCATION_REWRITES.RELOCATION_ID,
                  RELOCATION_REWRITES.ORDINAL,
                  RELOCATION_REWRITES.FILE,
                  RELOCATION_REWRITES.INODE,
                  RELOCATION_REWRITES.MODE,
                  RELOCATION_REWRITES.PATCH_OFFSET,
                  RELOCATION_REWRITES.BYTES_BEFORE,
                  RELOCATION_REWRITES.BYTES_AFTER)
              .values(0L, 0L, "", 0L, 0L, 0L, "", "");
  private static final Recipe<Query> INSERT_LEFT_OUT =
      sql ->
          sql.insertInto(
                  RELOCATION_LEFT_OUT,
                  RELOCATION_LEFT_OUT.RELOCATION_ID,
                  RELOCATION_LEFT_OUT.ORDINAL,
                  RELOCATION_LEFT_OUT.BOX_ID)
              .values(0L, 0L, "");
  private static final Recipe<Query> REMOVE = sql -> sql.deleteFrom(RELOCATION);

  private final Session session;

  RelocationRows(Session session) {
    this.session = session;
  }

  Optional<Relocation> find() {
    return session.find(FIND, this::toRelocation);
  }

  private Relocation toRelocation(Record row) {
    return new Relocation(
        new OperationId(row.get(RELOCATION.OPERATION)),
        new HomeIdentity(
            new HomeId(row.get(RELOCATION.FROM_HOME_ID)),
            Path.of(row.get(RELOCATION.FROM_PATH)),
            new FileIdentity(row.get(RELOCATION.FROM_DEVICE), row.get(RELOCATION.FROM_INODE))),
        new HomeIdentity(
            new HomeId(row.get(RELOCATION.TO_HOME_ID)),
            Path.of(row.get(RELOCATION.TO_PATH)),
            new FileIdentity(row.get(RELOCATION.TO_DEVICE), row.get(RELOCATION.TO_INODE))),
        session.list(REWRITES, RelocationRows::toRewrite),
        session.list(LEFT_OUT, left -> new BoxId(left.get(RELOCATION_LEFT_OUT.BOX_ID))));
  }

  private static HeaderRewrite toRewrite(Record row) {
    return new HeaderRewrite(
        Path.of(row.get(RELOCATION_REWRITES.FILE)),
        row.get(RELOCATION_REWRITES.INODE),
        Math.toIntExact(row.get(RELOCATION_REWRITES.MODE)),
        new HeaderPatch(
            Math.toIntExact(row.get(RELOCATION_REWRITES.PATCH_OFFSET)),
            row.get(RELOCATION_REWRITES.BYTES_BEFORE),
            row.get(RELOCATION_REWRITES.BYTES_AFTER)));
  }

  void insert(Relocation relocation) {
    HomeIdentity from = relocation.from();
    HomeIdentity to = relocation.to();
    try {
      session.run(
          INSERT,
          ONLY_ROW,
          relocation.operation().value(),
          from.id().value(),
          PathText.of(from.path()),
          from.directory().device(),
          from.directory().inode(),
          to.id().value(),
          PathText.of(to.path()),
          to.directory().device(),
          to.directory().inode());
    } catch (ConstraintViolation e) {
      for (Relocation other : find().stream().collect(toImmutableList())) {
        throw new BusyException("the home", other.operation().value());
      }
      throw e;
    }
    insertParts(relocation.rewrites(), relocation.leftOut());
  }

  private void insertParts(ImmutableList<HeaderRewrite> rewrites, ImmutableList<BoxId> leftOut) {
    int ordinal = 0;
    for (HeaderRewrite rewrite : rewrites) {
      session.run(
          INSERT_REWRITE,
          ONLY_ROW,
          ordinal++,
          PathText.of(rewrite.file()),
          rewrite.inode(),
          rewrite.mode(),
          rewrite.patch().offset(),
          rewrite.patch().before(),
          rewrite.patch().after());
    }
    for (BoxId box : leftOut) {
      session.run(INSERT_LEFT_OUT, ONLY_ROW, ordinal++, box.value());
    }
  }

  void remove() {
    session.run(REMOVE);
  }
}
