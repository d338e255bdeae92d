package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.BOXES;
import static io.basedisk.sqlite.jooq.Tables.BOX_REFERENCES;

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
import io.basedisk.sqlite.jooq.tables.records.BoxReferencesRecord;
import io.basedisk.sqlite.jooq.tables.records.BoxesRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/** The boxes and which bases their disks stand on: tables {@code boxes}, {@code box_references}. */
final class BoxRows {

  private final Session session;

  BoxRows(Session session) {
    this.session = session;
  }

  // Boxes.

  Optional<Box> find(BoxId id) {
    return find(BOXES.ID.eq(id.value()));
  }

  Optional<Box> findByDisksDir(Path disksDir) {
    return find(BOXES.DISKS_DIR.eq(PathText.of(disksDir)));
  }

  ImmutableList<Box> list() {
    return session.list(
        session.sql().selectFrom(BOXES).orderBy(BOXES.CREATED_AT.desc(), BOXES.SEQ.desc()),
        BoxRows::toBox);
  }

  private Optional<Box> find(Condition condition) {
    return session.find(session.sql().selectFrom(BOXES).where(condition), BoxRows::toBox);
  }

  private static Box toBox(BoxesRecord row) {
    return new Box(
        new BoxId(row.getId()),
        Path.of(row.getDisksDir()),
        Instant.ofEpochSecond(row.getCreatedAt()));
  }

  void insert(Box box) {
    try {
      session
          .sql()
          .insertInto(BOXES)
          .set(BOXES.ID, box.id().value())
          .set(BOXES.DISKS_DIR, PathText.of(box.disksDir()))
          .set(BOXES.CREATED_AT, box.createdAt().getEpochSecond())
          .execute();
    } catch (ConstraintViolation e) {
      if (find(box.id()).isPresent()) {
        throw new AlreadyExistsException("box " + box.id() + " exists already");
      }
      for (Box other : findByDisksDir(box.disksDir()).stream().toList()) {
        throw new AlreadyExistsException(
            box.disksDir() + ": is the disks directory of box " + other.id());
      }
      throw session.unexplained(e);
    }
  }

  boolean delete(BoxId id) {
    try {
      return session.sql().deleteFrom(BOXES).where(BOXES.ID.eq(id.value())).execute() > 0;
    } catch (ConstraintViolation e) {
      for (Reference reference : referencesOf(id)) {
        throw new RefusedException("box " + id + " stands on base " + reference.base());
      }
      throw session.unexplained(e);
    }
  }

  // References.

  ImmutableList<Reference> references() {
    return references(DSL.noCondition());
  }

  ImmutableList<Reference> referencesTo(BaseDiskId base) {
    return references(BOX_REFERENCES.BASE_ID.eq(base.value()));
  }

  ImmutableList<Reference> referencesOf(BoxId box) {
    return references(BOX_REFERENCES.BOX_ID.eq(box.value()));
  }

  private ImmutableList<Reference> references(Condition condition) {
    // The labels of the slots sort as the slots do.
    return session.list(
        session
            .sql()
            .selectFrom(BOX_REFERENCES)
            .where(condition)
            .orderBy(BOX_REFERENCES.BOX_ID, BOX_REFERENCES.SLOT),
        BoxRows::toReference);
  }

  private static Reference toReference(BoxReferencesRecord row) {
    return new Reference(
        new BaseDiskId(row.getBaseId()),
        new BoxId(row.getBoxId()),
        DiskSlot.ofLabel(row.getSlot()));
  }

  void putReference(Reference reference) {
    try {
      session
          .sql()
          .insertInto(BOX_REFERENCES)
          .set(BOX_REFERENCES.BOX_ID, reference.box().value())
          .set(BOX_REFERENCES.SLOT, reference.slot().label())
          .set(BOX_REFERENCES.BASE_ID, reference.base().value())
          .onConflict(BOX_REFERENCES.BOX_ID, BOX_REFERENCES.SLOT)
          .doUpdate()
          .set(BOX_REFERENCES.BASE_ID, reference.base().value())
          .execute();
    } catch (ConstraintViolation e) {
      BaseRows.checkExists(session, reference.base());
      if (find(reference.box()).isEmpty()) {
        throw new NotFoundException("no box " + reference.box());
      }
      throw session.unexplained(e);
    }
  }

  ImmutableList<BaseDiskId> removeReferencesOf(BoxId box) {
    Condition ofBox = BOX_REFERENCES.BOX_ID.eq(box.value());
    ImmutableList<Reference> references = references(ofBox);
    session.sql().deleteFrom(BOX_REFERENCES).where(ofBox).execute();
    return references.stream()
        .map(Reference::base)
        .collect(ImmutableSortedSet.toImmutableSortedSet(BaseDiskId::compareTo))
        .asList();
  }
}
