package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.BASES;
import static io.basedisk.sqlite.jooq.Tables.BOX_REFERENCES;
import static io.basedisk.sqlite.jooq.Tables.DELETING_BASES;
import static io.basedisk.sqlite.jooq.Tables.INTENT_BASES;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import io.basedisk.sqlite.jooq.tables.Bases;
import io.basedisk.sqlite.jooq.tables.records.BasesRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record2;
import org.jooq.Select;
import org.jooq.SelectWhereStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The records of bases: table {@code bases}. */
final class BaseRows {

  private static final Bases CHILD = BASES.as("child");

  /** The columns of a {@link BaseDisk}. */
  private static final Field<?>[] COLUMNS = {
    BASES.ID,
    BASES.SOURCE_BOX_ID,
    BASES.NAME,
    BASES.KIND,
    BASES.BASE_PATH,
    BASES.FORMAT,
    BASES.IS_FOREIGN,
    BASES.CONTAINER_DISK_BYTES,
    BASES.SIZE_BYTES,
    BASES.PARENT_ID,
    BASES.CREATED_AT
  };

  private static final Field<Integer> MOST = DSL.field("most", Integer.class);

  private static final HotStatement BY_ID =
      new HotStatement((sql, values) -> bases(sql).where(BASES.ID.eq(values.of(BASES.ID))));
  private static final HotStatement AFTER =
      new HotStatement(
          (sql, values) ->
              bases(sql)
                  .where(BASES.ID.gt(values.of(BASES.ID)))
                  .orderBy(BASES.ID)
                  .limit(values.of(MOST)));
  private static final HotStatement INSERT =
      new HotStatement((sql, values) -> values.into(sql, BASES, COLUMNS));
  private static final HotStatement PUT_FINGERPRINT =
      new HotStatement(
          (sql, values) ->
              sql.update(BASES)
                  .set(BASES.MODIFIED_AT_SECONDS, values.of(BASES.MODIFIED_AT_SECONDS))
                  .set(BASES.MODIFIED_AT_NANOS, values.of(BASES.MODIFIED_AT_NANOS))
                  .set(BASES.DIGEST, values.of(BASES.DIGEST))
                  .where(BASES.ID.eq(values.of(BASES.ID))));

  private final Session session;

  BaseRows(Session session) {
    this.session = session;
  }

  // Look-ups.

  Optional<BaseDisk> find(BaseDiskId id) {
    return session.find(BY_ID.with(BASES.ID, id.value()), BaseRows::toBase);
  }

  Optional<BaseDisk> findByPath(Path path) {
    return PathText.find(path).flatMap(text -> findBy(BASES.BASE_PATH.eq(text)));
  }

  Optional<BaseDisk> findByName(BoxId sourceBox, SnapshotName name) {
    return findBy(BASES.SOURCE_BOX_ID.eq(sourceBox.value()).and(BASES.NAME.eq(name.value())));
  }

  private static SelectWhereStep<?> bases(DSLContext sql) {
    return sql.select(COLUMNS).from(BASES);
  }

  private Optional<BaseDisk> findBy(Condition condition) {
    return session.find(bases(session.sql()).where(condition), row -> toBase(row::get));
  }

  ImmutableList<BaseDisk> list(BaseFilter filter) {
    Condition condition = DSL.noCondition();
    if (filter.sourceBox() != null) {
      condition = condition.and(BASES.SOURCE_BOX_ID.eq(filter.sourceBox().value()));
    }
    if (filter.kind() != null) {
      condition = condition.and(BASES.KIND.eq(filter.kind().label()));
    }
    return newestFirst(condition);
  }

  ImmutableList<BaseDisk> children(BaseDiskId parent) {
    return newestFirst(BASES.PARENT_ID.eq(parent.value()));
  }

  private ImmutableList<BaseDisk> newestFirst(Condition condition) {
    return session.list(
        bases(session.sql()).where(condition).orderBy(BASES.CREATED_AT.desc(), BASES.SEQ.desc()),
        row -> toBase(row::get));
  }

  ImmutableList<BaseDiskId> someChildren(BaseDiskId parent, int most) {
    return session.list(
        session
            .sql()
            .select(BASES.ID)
            .from(BASES)
            .where(BASES.PARENT_ID.eq(parent.value()))
            .orderBy(BASES.SEQ.desc())
            .limit(most),
        row -> new BaseDiskId(row.value1()));
  }

  ImmutableList<BaseDisk> after(@Nullable BaseDiskId last, int most) {
    return session.list(
        AFTER.with(BASES.ID, last == null ? "" : last.value()).with(MOST, most), BaseRows::toBase);
  }

  Optional<BaseFingerprint> findFingerprint(BaseDiskId id) {
    return session
        .find(session.sql().selectFrom(BASES).where(BASES.ID.eq(id.value())), Function.identity())
        .flatMap(BaseRows::toFingerprint);
  }

  private static Optional<BaseFingerprint> toFingerprint(BasesRecord row) {
    return Optional.ofNullable(row.getModifiedAtSeconds())
        .map(
            seconds ->
                new BaseFingerprint(
                    Instant.ofEpochSecond(seconds, row.getModifiedAtNanos()), row.getDigest()));
  }

  private static BaseDisk toBase(StoredRow row) {
    return new BaseDisk(
        new BaseDiskId(row.get(BASES.ID)),
        new BoxId(row.get(BASES.SOURCE_BOX_ID)),
        row.get(BASES.NAME) == null ? null : new SnapshotName(row.get(BASES.NAME)),
        BaseDiskKind.ofLabel(row.get(BASES.KIND)),
        new DiskInfo(
            Path.of(row.get(BASES.BASE_PATH)),
            ImageFormat.ofLabel(row.get(BASES.FORMAT)),
            row.get(BASES.IS_FOREIGN) != 0,
            row.get(BASES.CONTAINER_DISK_BYTES),
            row.get(BASES.SIZE_BYTES)),
        row.get(BASES.PARENT_ID) == null ? null : new BaseDiskId(row.get(BASES.PARENT_ID)),
        Instant.ofEpochSecond(row.get(BASES.CREATED_AT)));
  }

  // Changes.

  void insert(BaseDisk base) {
    try {
      session.run(
          INSERT
              .with(BASES.ID, base.id().value())
              .with(BASES.SOURCE_BOX_ID, base.sourceBoxId().value())
              .with(BASES.NAME, base.name() == null ? null : base.name().value())
              .with(BASES.KIND, base.kind().label())
              .with(BASES.BASE_PATH, PathText.of(base.diskInfo().basePath()))
              .with(BASES.FORMAT, base.diskInfo().format().label())
              .with(BASES.IS_FOREIGN, base.diskInfo().isForeign() ? 1L : 0L)
              .with(BASES.CONTAINER_DISK_BYTES, base.diskInfo().containerDiskBytes())
              .with(BASES.SIZE_BYTES, base.diskInfo().sizeBytes())
              .with(BASES.PARENT_ID, base.parentId() == null ? null : base.parentId().value())
              .with(BASES.CREATED_AT, base.createdAt().getEpochSecond()));
    } catch (ConstraintViolation e) {
      checkNew(session, base.id(), base.diskInfo().basePath());
      checkNameIsFree(base.sourceBoxId(), base.name());
      checkExists(session, base.parentId());
      throw e;
    }
  }

  boolean delete(BaseDiskId id) {
    return delete(bases -> bases.ID.eq(id.value())) > 0;
  }

  int deleteOf(BoxId sourceBox) {
    return delete(bases -> bases.SOURCE_BOX_ID.eq(sourceBox.value()));
  }

  private int delete(Function<Bases, Condition> doomed) {
    try {
      return session.sql().deleteFrom(BASES).where(doomed.apply(BASES)).execute();
    } catch (ConstraintViolation e) {
      checkUnneeded(doomed);
      throw e;
    }
  }

  void demoteToCloneBase(BaseDiskId id) {
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
      checkExists(session, id);
      Preconditions.checkArgument(false, "base %s is a rootfs, which can't be a clone base", id);
    }
  }

  void supersedeRootfs(BaseDiskId id) {
    int superseded =
        session
            .sql()
            .update(BASES)
            .setNull(BASES.NAME)
            .where(BASES.ID.eq(id.value()))
            .and(BASES.KIND.eq(BaseDiskKind.ROOTFS.label()))
            .execute();
    if (superseded == 0) {
      checkExists(session, id);
      Preconditions.checkArgument(false, "base %s is no rootfs", id);
    }
  }

  void putFingerprint(BaseDiskId id, BaseFingerprint fingerprint) {
    Instant modifiedAt = fingerprint.modifiedAt();
    int found =
        session.run(
            PUT_FINGERPRINT
                .with(BASES.MODIFIED_AT_SECONDS, modifiedAt.getEpochSecond())
                .with(BASES.MODIFIED_AT_NANOS, (long) modifiedAt.getNano())
                .with(BASES.DIGEST, fingerprint.digest())
                .with(BASES.ID, id.value()));
    if (found == 0) {
      checkExists(session, id);
    }
  }

  void putSize(BaseDiskId id, long sizeBytes) {
    int found =
        session
            .sql()
            .update(BASES)
            .set(BASES.SIZE_BYTES, sizeBytes)
            .where(BASES.ID.eq(id.value()))
            .execute();
    if (found == 0) {
      checkExists(session, id);
    }
  }

  void setParent(BaseDiskId id, @Nullable BaseDiskId parent) {
    try {
      int found =
          session
              .sql()
              .update(BASES)
              .set(BASES.PARENT_ID, parent == null ? null : parent.value())
              .where(BASES.ID.eq(id.value()))
              .execute();
      if (found == 0) {
        checkExists(session, id);
      }
    } catch (ConstraintViolation e) {
      checkExists(session, parent);
      throw e;
    }
  }

  // What a change that failed has run into.

  /**
   * Checks that no base has, or had until its deletion, that id or file.
   *
   * @throws AlreadyExistsException if one has
   */
  static void checkNew(Session session, BaseDiskId id, Path path) {
    String file = PathText.of(path);
    if (session.sql().fetchExists(BASES, BASES.ID.eq(id.value()))) {
      throw new AlreadyExistsException("base " + id + " exists already");
    }
    if (session.sql().fetchExists(DELETING_BASES, DELETING_BASES.ID.eq(id.value()))) {
      throw new AlreadyExistsException("base " + id + " is being deleted");
    }
    if (session.sql().fetchExists(BASES, BASES.BASE_PATH.eq(file))) {
      throw new AlreadyExistsException(path + ": is the file of another base");
    }
    if (session.sql().fetchExists(DELETING_BASES, DELETING_BASES.BASE_PATH.eq(file))) {
      throw new AlreadyExistsException(path + ": is the file of a base that is being deleted");
    }
  }

  /**
   * Checks that there is such a base, if there is to be one.
   *
   * @throws NotFoundException if there is not
   */
  static void checkExists(Session session, @Nullable BaseDiskId id) {
    if (id != null && !session.sql().fetchExists(BASES, BASES.ID.eq(id.value()))) {
      throw new NotFoundException("no base " + id);
    }
  }

  private void checkNameIsFree(BoxId sourceBox, @Nullable SnapshotName name) {
    if (name != null && findByName(sourceBox, name).isPresent()) {
      throw new AlreadyExistsException(
          sourceBox.equals(BoxId.GLOBAL)
              ? "rootfs " + name + " exists already"
              : "box " + sourceBox + " has a base called " + name + " already");
    }
  }

  /** Checks that nothing names the bases that are to be deleted, but one another. */
  private void checkUnneeded(Function<Bases, Condition> doomed) {
    Condition isDoomed = doomed.apply(BASES);
    refuseIfAny(
        session
            .sql()
            .select(BASES.ID, BOX_REFERENCES.BOX_ID)
            .from(BASES)
            .join(BOX_REFERENCES)
            .on(BOX_REFERENCES.BASE_ID.eq(BASES.ID))
            .where(isDoomed)
            .limit(1),
        "box %s");
    refuseIfAny(
        session
            .sql()
            .select(BASES.ID, CHILD.ID)
            .from(BASES)
            .join(CHILD)
            .on(CHILD.PARENT_ID.eq(BASES.ID))
            .where(isDoomed.andNot(doomed.apply(CHILD)))
            .limit(1),
        "base %s");
    refuseIfAny(
        session
            .sql()
            .select(BASES.ID, DELETING_BASES.ID)
            .from(BASES)
            .join(DELETING_BASES)
            .on(DELETING_BASES.PARENT_ID.eq(BASES.ID))
            .where(isDoomed)
            .limit(1),
        "base %s, which is being deleted");
    refuseIfAny(
        session
            .sql()
            .select(BASES.ID, INTENT_BASES.INTENT_ID.cast(String.class))
            .from(BASES)
            .join(INTENT_BASES)
            .on(INTENT_BASES.BASE_ID.eq(BASES.ID))
            .where(isDoomed)
            .limit(1),
        "operation %s");
  }

  private void refuseIfAny(Select<Record2<String, String>> baseAndHolder, String holder) {
    for (Record2<String, String> row : session.sql().fetch(baseAndHolder)) {
      throw new RefusedException(
          "base " + row.value1() + " is needed by " + String.format(holder, row.value2()));
    }
  }
}
