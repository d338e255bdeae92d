package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.BOXES;
import static io.basedisk.sqlite.jooq.Tables.BOX_REFERENCES;
import static org.jooq.impl.DSL.excluded;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Reference;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import io.basedisk.sqlite.Statements.Recipe;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The boxes and which bases their disks stand on: tables {@code boxes}, {@code box_references}. */
final class BoxRows {

  private static final Recipe<ResultQuery<?>> BY_ID =
      sql -> sql.selectFrom(BOXES).where(BOXES.ID.eq(""));
  private static final Recipe<ResultQuery<?>> BY_DISKS_DIR =
      sql -> sql.selectFrom(BOXES).where(BOXES.DISKS_DIR.eq(""));
  private static final Recipe<ResultQuery<?>> ALL =
      sql -> sql.selectFrom(BOXES).orderBy(BOXES.CREATED_AT.desc(), BOXES.SEQ.desc());
  private static final Recipe<ResultQuery<?>> REFERENCES =
      sql -> references(sql, DSL.noCondition());
  private static final Recipe<ResultQuery<?>> REFERENCES_TO =
      sql -> references(sql, BOX_REFERENCES.BASE_ID.eq(""));
  private static final Recipe<ResultQuery<?>> REFERENCES_OF =
      sql -> references(sql, BOX_REFERENCES.BOX_ID.eq(""));

  private static final Recipe<ResultQuery<?>> AFTER =
      sql -> sql.selectFrom(BOXES).where(BOXES.ID.gt("")).orderBy(BOXES.ID).limit(1);
  private static final Recipe<ResultQuery<?>> SOME_DEPENDENTS =
      sql ->
          sql.selectDistinct(BOX_REFERENCES.BOX_ID)
              .from(BOX_REFERENCES)
              .where(BOX_REFERENCES.BASE_ID.eq(""))
              .orderBy(BOX_REFERENCES.BOX_ID)
              .limit(1);

  private static final Recipe<Query> INSERT =
      sql -> sql.insertInto(BOXES, BOXES.ID, BOXES.DISKS_DIR, BOXES.CREATED_AT).values("", "", 0L);
  private static final Recipe<Query> DELETE = sql -> sql.deleteFrom(BOXES).where(BOXES.ID.eq(""));
  private static final Recipe<Query> PUT_REFERENCE =
      sql ->
          sql.insertInto(
                  BOX_REFERENCES,
                  BOX_REFERENCES.BOX_ID,
                  BOX_REFERENCES.SLOT,
                  BOX_REFERENCES.BASE_ID)
              .values("", "", "")
              .onConflict(BOX_REFERENCES.BOX_ID, BOX_REFERENCES.SLOT)
              .doUpdate()
              .set(BOX_REFERENCES.BASE_ID, excluded(BOX_REFERENCES.BASE_ID));
  private static final Recipe<Query> REMOVE_REFERENCE =
      sql ->
          sql.deleteFrom(BOX_REFERENCES)
              .where(BOX_REFERENCES.BOX_ID.eq(""))
              .and(BOX_REFERENCES.SLOT.eq(""));
  private static final Recipe<Query> REMOVE_REFERENCES_OF =
      sql -> sql.deleteFrom(BOX_REFERENCES).where(BOX_REFERENCES.BOX_ID.eq(""));

  private final Session session;

  BoxRows(Session session) {
    this.session = session;
  }

  // Boxes.

  Optional<Box> find(BoxId id) {
    return session.find(BY_ID, BoxRows::toBox, id.value());
  }

  Optional<Box> findByDisksDir(Path disksDir) {
    return session.find(BY_DISKS_DIR, BoxRows::toBox, PathText.of(disksDir));
  }

  ImmutableList<Box> list() {
    return session.list(ALL, BoxRows::toBox);
  }

  ImmutableList<Box> after(@Nullable BoxId last, int most) {
    return session.list(AFTER, BoxRows::toBox, last == null ? "" : last.value(), most);
  }

  private static Box toBox(Record row) {
    return new Box(
        new BoxId(row.get(BOXES.ID)),
        Path.of(row.get(BOXES.DISKS_DIR)),
        Instant.ofEpochSecond(row.get(BOXES.CREATED_AT)));
  }

  void insert(Box box) {
    try {
      session.run(
          INSERT, box.id().value(), PathText.of(box.disksDir()), box.createdAt().getEpochSecond());
    } catch (ConstraintViolation e) {
      if (find(box.id()).isPresent()) {
        throw new AlreadyExistsException("box " + box.id() + " exists already");
      }
      for (Box other : findByDisksDir(box.disksDir()).stream().toList()) {
        throw new AlreadyExistsException(
            box.disksDir() + ": is the disks directory of box " + other.id());
      }
      throw e;
    }
  }

  boolean delete(BoxId id) {
    try {
      return session.run(DELETE, id.value()) > 0;
    } catch (ConstraintViolation e) {
      for (Reference reference : referencesOf(id)) {
        throw new RefusedException("box " + id + " stands on base " + reference.base());
      }
      throw e;
    }
  }

  // References.

  ImmutableList<Reference> references() {
    return session.list(REFERENCES, BoxRows::toReference);
  }

  ImmutableList<Reference> referencesTo(BaseDiskId base) {
    return session.list(REFERENCES_TO, BoxRows::toReference, base.value());
  }

  ImmutableList<BoxId> someDependents(BaseDiskId base, int most) {
    return session.list(
        SOME_DEPENDENTS, row -> new BoxId(row.get(BOX_REFERENCES.BOX_ID)), base.value(), most);
  }

  ImmutableList<Reference> referencesOf(BoxId box) {
    return session.list(REFERENCES_OF, BoxRows::toReference, box.value());
  }

  private static ResultQuery<?> references(DSLContext sql, Condition condition) {
    // The labels of the slots sort as the slots do.
    return sql.selectFrom(BOX_REFERENCES)
        .where(condition)
        .orderBy(BOX_REFERENCES.BOX_ID, BOX_REFERENCES.SLOT);
  }

  private static Reference toReference(Record row) {
    return new Reference(
        new BaseDiskId(row.get(BOX_REFERENCES.BASE_ID)),
        new BoxId(row.get(BOX_REFERENCES.BOX_ID)),
        DiskSlot.ofLabel(row.get(BOX_REFERENCES.SLOT)));
  }

  void putReference(Reference reference) {
    try {
      session.run(
          PUT_REFERENCE,
          reference.box().value(),
          reference.slot().label(),
          reference.base().value());
    } catch (ConstraintViolation e) {
      BaseRows.checkExists(session, reference.base());
      if (find(reference.box()).isEmpty()) {
        throw new NotFoundException("no box " + reference.box());
      }
      throw e;
    }
  }

  void removeReference(BoxId box, DiskSlot slot) {
    session.run(REMOVE_REFERENCE, box.value(), slot.label());
  }

  ImmutableList<BaseDiskId> removeReferencesOf(BoxId box) {
    ImmutableList<Reference> references = referencesOf(box);
    session.run(REMOVE_REFERENCES_OF, box.value());
    return references.stream()
        .map(Reference::base)
        .collect(ImmutableSortedSet.toImmutableSortedSet(BaseDiskId::compareTo))
        .asList();
  }
}
