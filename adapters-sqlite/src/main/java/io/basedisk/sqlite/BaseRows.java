package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.BASES;
import static io.basedisk.sqlite.jooq.Tables.BOX_REFERENCES;
import static io.basedisk.sqlite.jooq.Tables.DELETING_BASES;
import static io.basedisk.sqlite.jooq.Tables.INTENT_BASES;
import static org.jooq.impl.DSL.inline;

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
import io.basedisk.sqlite.Statements.Recipe;
import io.basedisk.sqlite.jooq.tables.Bases;
import io.basedisk.sqlite.jooq.tables.records.BasesRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Record2;
import org.jooq.ResultQuery;
import org.jooq.Select;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The records of bases: table {@code bases}. */
final class BaseRows {

  private static final Bases CHILD = BASES.as("child");

  private static final Recipe<ResultQuery<?>> BY_ID =
      sql -> sql.selectFrom(BASES).where(BASES.ID.eq(""));
  private static final Recipe<ResultQuery<?>> BY_PATH =
      sql -> sql.selectFrom(BASES).where(BASES.BASE_PATH.eq(""));
  private static final Recipe<ResultQuery<?>> BY_NAME =
      sql -> sql.selectFrom(BASES).where(BASES.SOURCE_BOX_ID.eq("").and(BASES.NAME.eq("")));
  private static final Recipe<ResultQuery<?>> CHILDREN =
      sql -> newestFirst(sql, BASES.PARENT_ID.eq(""));

  private static final Recipe<ResultQuery<?>> AFTER =
      sql -> sql.selectFrom(BASES).where(BASES.ID.gt("")).orderBy(BASES.ID).limit(1);
  private static final Recipe<ResultQuery<?>> SOME_CHILDREN =
      sql ->
          sql.select(BASES.ID)
              .from(BASES)
              .where(BASES.PARENT_ID.eq(""))
              .orderBy(BASES.SEQ.desc())
              .limit(1);

  private static final Recipe<Query> INSERT =
      sql ->
          sql.insertInto(
                  BASES,
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
                  BASES.CREATED_AT)
              .values("", "", "", "", "", "", 0L, 0L, 0L, "", 0L);
  private static final Recipe<Query> DELETE = sql -> sql.deleteFrom(BASES).where(BASES.ID.eq(""));
  private static final Recipe<Query> DELETE_OF =
      sql -> sql.deleteFrom(BASES).where(BASES.SOURCE_BOX_ID.eq(""));
  private static final Recipe<Query> DEMOTE =
      sql ->
          sql.update(BASES)
              .set(BASES.KIND, inline(BaseDiskKind.CLONE_BASE.label()))
              .set(BASES.NAME, inline(null, BASES.NAME))
              .where(BASES.ID.eq(""))
              .and(BASES.KIND.ne(inline(BaseDiskKind.ROOTFS.label())));

  private static final Recipe<Query> SUPERSEDE =
      sql ->
          sql.update(BASES)
              .set(BASES.NAME, inline(null, BASES.NAME))
              .where(BASES.ID.eq(""))
              .and(BASES.KIND.eq(inline(BaseDiskKind.ROOTFS.label())));

  private static final Recipe<Query> PUT_FINGERPRINT =
      sql ->
          sql.update(BASES)
              .set(BASES.MODIFIED_AT_SECONDS, 0L)
              .set(BASES.MODIFIED_AT_NANOS, 0L)
              .set(BASES.DIGEST, "")
              .where(BASES.ID.eq(""));
  private static final Recipe<Query> PUT_SIZE =
      sql -> sql.update(BASES).set(BASES.SIZE_BYTES, 0L).where(BASES.ID.eq(""));
  private static final Recipe<Query> SET_PARENT =
      sql -> sql.update(BASES).set(BASES.PARENT_ID, "").where(BASES.ID.eq(""));

  private final Session session;

  BaseRows(Session session) {
    this.session = session;
  }

  // Look-ups.

  Optional<BaseDisk> find(BaseDiskId id) {
    return session.find(BY_ID, BaseRows::toBase, id.value());
  }

  Optional<BaseDisk> findByPath(Path path) {
    return PathText.find(path).flatMap(text -> session.find(BY_PATH, BaseRows::toBase, text));
  }

  Optional<BaseDisk> findByName(BoxId sourceBox, SnapshotName name) {
    return session.find(BY_NAME, BaseRows::toBase, sourceBox.value(), name.value());
  }

  ImmutableList<BaseDisk> list(BaseFilter filter) {
    Condition condition = DSL.noCondition();
    if (filter.sourceBox() != null) {
      condition = condition.and(BASES.SOURCE_BOX_ID.eq(filter.sourceBox().value()));
    }
    if (filter.kind() != null) {
      condition = condition.and(BASES.KIND.eq(filter.kind().label()));
    }
    return session.list(newestFirst(session.sql(), condition), BaseRows::toBase);
  }

  ImmutableList<BaseDisk> children(BaseDiskId parent) {
    return session.list(CHILDREN, BaseRows::toBase, parent.value());
  }

  ImmutableList<BaseDiskId> someChildren(BaseDiskId parent, int most) {
    return session.list(
        SOME_CHILDREN, row -> new BaseDiskId(row.get(BASES.ID)), parent.value(), most);
  }

  ImmutableList<BaseDisk> after(@Nullable BaseDiskId last, int most) {
    return session.list(AFTER, BaseRows::toBase, last == null ? "" : last.value(), most);
  }

  Optional<BaseFingerprint> findFingerprint(BaseDiskId id) {
    return session.find(BY_ID, Function.identity(), id.value()).flatMap(BaseRows::toFingerprint);
  }

  private static Optional<BaseFingerprint> toFingerprint(Record row) {
    return Optional.ofNullable(row.get(BASES.MODIFIED_AT_SECONDS))
        .map(
            seconds ->
                new BaseFingerprint(
                    Instant.ofEpochSecond(seconds, row.get(BASES.MODIFIED_AT_NANOS)),
                    row.get(BASES.DIGEST)));
  }

  private static ResultQuery<BasesRecord> newestFirst(DSLContext sql, Condition condition) {
    return sql.selectFrom(BASES)
        .where(condition)
        .orderBy(BASES.CREATED_AT.desc(), BASES.SEQ.desc());
  }

  private static BaseDisk toBase(Record row) {
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
          INSERT,
          base.id().value(),
          base.sourceBoxId().value(),
          base.name() == null ? null : base.name().value(),
          base.kind().label(),
          PathText.of(base.diskInfo().basePath()),
          base.diskInfo().format().label(),
          base.diskInfo().isForeign() ? 1L : 0L,
          base.diskInfo().containerDiskBytes(),
          base.diskInfo().sizeBytes(),
          base.parentId() == null ? null : base.parentId().value(),
          base.createdAt().getEpochSecond());
    } catch (ConstraintViolation e) {
      checkNew(session, base.id(), base.diskInfo().basePath());
      checkNameIsFree(base.sourceBoxId(), base.name());
      checkExists(session, base.parentId());
      throw e;
    }
  }

  boolean delete(BaseDiskId id) {
    return delete(DELETE, id.value(), bases -> bases.ID.eq(id.value())) > 0;
  }

  int deleteOf(BoxId sourceBox) {
    return delete(DELETE_OF, sourceBox.value(), bases -> bases.SOURCE_BOX_ID.eq(sourceBox.value()));
  }

  private int delete(Recipe<Query> recipe, String key, Function<Bases, Condition> doomed) {
    try {
      return session.run(recipe, key);
    } catch (ConstraintViolation e) {
      checkUnneeded(doomed);
      throw e;
    }
  }

  void demoteToCloneBase(BaseDiskId id) {
    int demoted = session.run(DEMOTE, id.value());
    if (demoted == 0) {
      checkExists(session, id);
      Preconditions.checkArgument(false, "base %s is a rootfs, which can't be a clone base", id);
    }
  }

  void supersedeRootfs(BaseDiskId id) {
    int superseded = session.run(SUPERSEDE, id.value());
    if (superseded == 0) {
      checkExists(session, id);
      Preconditions.checkArgument(false, "base %s is no rootfs", id);
    }
  }

  void putFingerprint(BaseDiskId id, BaseFingerprint fingerprint) {
    Instant modifiedAt = fingerprint.modifiedAt();
    int found =
        session.run(
            PUT_FINGERPRINT,
            modifiedAt.getEpochSecond(),
            modifiedAt.getNano(),
            fingerprint.digest(),
            id.value());
    if (found == 0) {
      checkExists(session, id);
    }
  }

  void putSize(BaseDiskId id, long sizeBytes) {
    if (session.run(PUT_SIZE, sizeBytes, id.value()) == 0) {
      checkExists(session, id);
    }
  }

  void setParent(BaseDiskId id, @Nullable BaseDiskId parent) {
    try {
      int found = session.run(SET_PARENT, parent == null ? null : parent.value(), id.value());
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
