package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.BASES;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.BaseRecords;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import io.basedisk.sqlite.jooq.tables.Bases;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.SelectWhereStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The records of bases: table {@code bases}. */
final class BaseRows implements BaseRecords {

  private static final Field<Integer> LIMIT = DSL.field("limit", Integer.class);

  private static final HotStatement BY_ID =
      new HotStatement((sql, values) -> bases(sql).where(BASES.ID.eq(values.of(BASES.ID))));
  private static final HotStatement AFTER =
      new HotStatement(
          (sql, values) ->
              bases(sql)
                  .where(BASES.ID.gt(values.of(BASES.ID)))
                  .orderBy(BASES.ID)
                  .limit(values.of(LIMIT)));
  private static final HotStatement INSERT =
      new HotStatement((sql, values) -> values.into(sql, BASES, BaseColumns.OF_BASE));
  private static final HotStatement PUT_FINGERPRINT =
      new HotStatement(
          (sql, values) ->
              sql.update(BASES)
                  .set(BASES.MODIFIED_AT_SECONDS, values.of(BASES.MODIFIED_AT_SECONDS))
                  .set(BASES.MODIFIED_AT_NANOS, values.of(BASES.MODIFIED_AT_NANOS))
                  .set(BASES.DIGEST, values.of(BASES.DIGEST))
                  .where(BASES.ID.eq(values.of(BASES.ID))));

  private final Session session;
  private final BaseConflicts conflicts;

  BaseRows(Session session) {
    this.session = session;
    this.conflicts = new BaseConflicts(session);
  }

  // Queries.

  @Override
  public Optional<BaseDisk> find(BaseDiskId id) {
    return session.find(BY_ID.with(BASES.ID, id.value()), BaseColumns::toBase);
  }

  @Override
  public Optional<BaseDisk> findByPath(Path path) {
    return PathText.find(path).flatMap(text -> findBy(BASES.BASE_PATH.eq(text)));
  }

  @Override
  public Optional<BaseDisk> findByName(BoxId sourceBox, BaseName name) {
    return findBy(BASES.SOURCE_BOX_ID.eq(sourceBox.value()).and(BASES.NAME.eq(name.value())));
  }

  private static SelectWhereStep<?> bases(DSLContext sql) {
    return sql.select(BaseColumns.OF_BASE).from(BASES);
  }

  private Optional<BaseDisk> findBy(Condition condition) {
    return session.find(bases(session.sql()).where(condition), row -> BaseColumns.toBase(row::get));
  }

  @Override
  public ImmutableList<BaseDisk> list(BaseFilter filter) {
    Condition condition = DSL.noCondition();
    if (filter.sourceBox() != null) {
      condition = condition.and(BASES.SOURCE_BOX_ID.eq(filter.sourceBox().value()));
    }
    if (filter.kind() != null) {
      condition = condition.and(BASES.KIND.eq(filter.kind().label()));
    }
    return newestFirst(condition);
  }

  @Override
  public ImmutableList<BaseDisk> listChildren(BaseDiskId parent) {
    return newestFirst(BASES.PARENT_ID.eq(parent.value()));
  }

  private ImmutableList<BaseDisk> newestFirst(Condition condition) {
    return session.list(
        bases(session.sql()).where(condition).orderBy(BASES.CREATED_AT.desc(), BASES.SEQ.desc()),
        row -> BaseColumns.toBase(row::get));
  }

  @Override
  public ImmutableList<BaseDiskId> listChildIds(BaseDiskId parent, int limit) {
    return session.list(
        session
            .sql()
            .select(BASES.ID)
            .from(BASES)
            .where(BASES.PARENT_ID.eq(parent.value()))
            .orderBy(BASES.SEQ.desc())
            .limit(limit),
        row -> new BaseDiskId(row.value1()));
  }

  @Override
  public ImmutableList<BaseDisk> listAfter(@Nullable BaseDiskId after, int limit) {
    return session.list(
        AFTER.with(BASES.ID, after == null ? "" : after.value()).with(LIMIT, limit),
        BaseColumns::toBase);
  }

  @Override
  public Optional<BaseFingerprint> findFingerprint(BaseDiskId id) {
    return session
        .find(session.sql().selectFrom(BASES).where(BASES.ID.eq(id.value())), Function.identity())
        .flatMap(BaseColumns::toFingerprint);
  }

  // Changes.

  @Override
  public void insert(BaseDisk base) {
    session.change(
        () -> {
          try {
            session.run(BaseColumns.valuesOf(base, INSERT));
          } catch (ConstraintViolation e) {
            conflicts.checkNew(base.id(), base.diskInfo().basePath());
            conflicts.checkNameIsFree(base.sourceBoxId(), base.name());
            conflicts.checkExists(base.parentId());
            throw e;
          }
        });
  }

  @Override
  public boolean delete(BaseDiskId id) {
    return session.compute(
        () -> {
          return delete(bases -> bases.ID.eq(id.value())) > 0;
        });
  }

  @Override
  public int deleteOf(BoxId sourceBox) {
    return session.compute(
        () -> {
          return delete(bases -> bases.SOURCE_BOX_ID.eq(sourceBox.value()));
        });
  }

  private int delete(Function<Bases, Condition> doomed) {
    try {
      return session.sql().deleteFrom(BASES).where(doomed.apply(BASES)).execute();
    } catch (ConstraintViolation e) {
      conflicts.checkUnneeded(doomed);
      throw e;
    }
  }

  @Override
  public void demoteToCloneBase(BaseDiskId id) {
    session.change(
        () -> {
          int demoted =
              session
                  .sql()
                  .update(BASES)
                  .set(BASES.KIND, BaseDiskKind.CLONE_BASE.label())
                  .setNull(BASES.NAME)
                  .where(BASES.ID.eq(id.value()))
                  .and(BASES.KIND.ne(BaseDiskKind.ROOTFS.label()))
                  .execute();
          if (demoted == 0) {
            conflicts.checkExists(id);
            Preconditions.checkArgument(
                false, "base %s is a rootfs, which can't be a clone base", id);
          }
        });
  }

  @Override
  public void promoteToSnapshot(BaseDiskId id, BoxId box, SnapshotName name) {
    session.change(
        () -> {
          try {
            int promoted =
                session
                    .sql()
                    .update(BASES)
                    .set(BASES.KIND, BaseDiskKind.SNAPSHOT.label())
                    .set(BASES.SOURCE_BOX_ID, box.value())
                    .set(BASES.NAME, name.value())
                    .where(BASES.ID.eq(id.value()))
                    .and(BASES.KIND.eq(BaseDiskKind.CLONE_BASE.label()))
                    .execute();
            if (promoted == 0) {
              conflicts.checkExists(id);
              Preconditions.checkArgument(false, "base %s is no clone base", id);
            }
          } catch (ConstraintViolation e) {
            conflicts.checkNameIsFree(box, name);
            throw e;
          }
        });
  }

  @Override
  public void rename(BaseDiskId id, SnapshotName name) {
    session.change(
        () -> {
          try {
            int found =
                session
                    .sql()
                    .update(BASES)
                    .set(BASES.NAME, name.value())
                    .where(BASES.ID.eq(id.value()))
                    .and(BASES.KIND.ne(BaseDiskKind.ROOTFS.label()))
                    .execute();
            if (found == 0) {
              conflicts.checkExists(id);
              Preconditions.checkArgument(
                  false, "base %s is a rootfs, which has a key and no name", id);
            }
          } catch (ConstraintViolation e) {
            for (BaseDisk base : find(id).stream().toList()) {
              conflicts.checkNameIsFree(base.sourceBoxId(), name);
            }
            throw e;
          }
        });
  }

  @Override
  public void putFingerprint(BaseDiskId id, BaseFingerprint fingerprint) {
    session.change(
        () -> {
          new LayerRows(session).dropUnlessDigest(id, fingerprint.digest());
          Instant modifiedAt = fingerprint.modifiedAt();
          int found =
              session.run(
                  PUT_FINGERPRINT
                      .with(BASES.MODIFIED_AT_SECONDS, modifiedAt.getEpochSecond())
                      .with(BASES.MODIFIED_AT_NANOS, (long) modifiedAt.getNano())
                      .with(BASES.DIGEST, fingerprint.digest())
                      .with(BASES.ID, id.value()));
          if (found == 0) {
            conflicts.checkExists(id);
          }
        });
  }

  @Override
  public void putSize(BaseDiskId id, long sizeBytes) {
    session.change(
        () -> {
          int found =
              session
                  .sql()
                  .update(BASES)
                  .set(BASES.SIZE_BYTES, sizeBytes)
                  .where(BASES.ID.eq(id.value()))
                  .execute();
          if (found == 0) {
            conflicts.checkExists(id);
          }
        });
  }

  @Override
  public void putParent(BaseDiskId id, @Nullable BaseDiskId parent) {
    session.change(
        () -> {
          new LayerRows(session).dropChainIds(id);
          try {
            int found =
                session
                    .sql()
                    .update(BASES)
                    .set(BASES.PARENT_ID, parent == null ? null : parent.value())
                    .where(BASES.ID.eq(id.value()))
                    .execute();
            if (found == 0) {
              conflicts.checkExists(id);
            }
          } catch (ConstraintViolation e) {
            conflicts.checkExists(parent);
            throw e;
          }
        });
  }
}
