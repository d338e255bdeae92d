package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.BOXES;
import static io.basedisk.sqlite.jooq.Tables.BOX_DISKS;
import static io.basedisk.sqlite.jooq.Tables.BOX_REFERENCES;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
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
import io.basedisk.sqlite.jooq.tables.BoxDisks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.SelectWhereStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The boxes, where their disks are and which bases these stand on: tables {@code boxes}, {@code
 * box_disks}, {@code box_references}.
 */
final class BoxRows {

  private static final BoxDisks CONTAINER = BOX_DISKS.as("container");
  private static final BoxDisks GUEST_ROOTFS = BOX_DISKS.as("guest_rootfs");
  private static final Field<String> CONTAINER_PATH = CONTAINER.PATH.as("container_path");
  private static final Field<String> GUEST_ROOTFS_PATH = GUEST_ROOTFS.PATH.as("guest_rootfs_path");

  private static final Recipe<ResultQuery<?>> BY_ID = sql -> boxes(sql).where(BOXES.ID.eq(""));
  private static final Recipe<ResultQuery<?>> BY_DISKS_DIR =
      sql -> boxes(sql).where(BOXES.DISKS_DIR.eq("")).orderBy(BOXES.SEQ).limit(inline(1));
  private static final Recipe<ResultQuery<?>> BY_DISK =
      sql ->
          boxes(sql)
              .where(
                  BOXES.ID.eq(
                      select(BOX_DISKS.BOX_ID).from(BOX_DISKS).where(BOX_DISKS.PATH.eq(""))));
  private static final Recipe<ResultQuery<?>> ALL =
      sql -> boxes(sql).orderBy(BOXES.CREATED_AT.desc(), BOXES.SEQ.desc());
  private static final Recipe<ResultQuery<?>> DIRECTORY_INODE =
      sql -> sql.select(BOXES.DIRECTORY_INODE).from(BOXES).where(BOXES.ID.eq(""));
  private static final Recipe<ResultQuery<?>> REFERENCES =
      sql -> references(sql, DSL.noCondition());
  private static final Recipe<ResultQuery<?>> REFERENCES_TO =
      sql -> references(sql, BOX_REFERENCES.BASE_ID.eq(""));
  private static final Recipe<ResultQuery<?>> REFERENCES_OF =
      sql -> references(sql, BOX_REFERENCES.BOX_ID.eq(""));

  private static final Recipe<ResultQuery<?>> AFTER =
      sql -> boxes(sql).where(BOXES.ID.gt("")).orderBy(BOXES.ID).limit(1);
  private static final Recipe<ResultQuery<?>> SOME_DEPENDENTS =
      sql ->
          sql.selectDistinct(BOX_REFERENCES.BOX_ID)
              .from(BOX_REFERENCES)
              .where(BOX_REFERENCES.BASE_ID.eq(""))
              .orderBy(BOX_REFERENCES.BOX_ID)
              .limit(1);

  private static final Recipe<Query> INSERT =
      sql -> sql.insertInto(BOXES, BOXES.ID, BOXES.DISKS_DIR, BOXES.CREATED_AT).values("", "", 0L);
  private static final Recipe<Query> INSERT_DISK =
      sql ->
          sql.insertInto(BOX_DISKS, BOX_DISKS.BOX_ID, BOX_DISKS.SLOT, BOX_DISKS.PATH)
              .values("", "", "");
  private static final Recipe<Query> PUT_DIRECTORY_INODE =
      sql -> sql.update(BOXES).set(BOXES.DIRECTORY_INODE, 0L).where(BOXES.ID.eq(""));
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
    return PathText.find(disksDir)
        .flatMap(text -> session.find(BY_DISKS_DIR, BoxRows::toBox, text));
  }

  Optional<Box> findByDisk(Path disk) {
    return PathText.find(disk).flatMap(text -> session.find(BY_DISK, BoxRows::toBox, text));
  }

  OptionalLong directoryInode(BoxId box) {
    return session
        .find(DIRECTORY_INODE, BoxRows::toDirectoryInode, box.value())
        .orElse(OptionalLong.empty());
  }

  private static OptionalLong toDirectoryInode(Record row) {
    Long inode = row.get(BOXES.DIRECTORY_INODE);
    return inode == null ? OptionalLong.empty() : OptionalLong.of(inode);
  }

  ImmutableList<Box> list() {
    return session.list(ALL, BoxRows::toBox);
  }

  ImmutableList<Box> after(@Nullable BoxId last, int most) {
    return session.list(AFTER, BoxRows::toBox, last == null ? "" : last.value(), most);
  }

  /** Selects boxes with the paths of their disks: one row a box. */
  private static SelectWhereStep<?> boxes(DSLContext sql) {
    return sql.select(
            BOXES.ID, BOXES.DISKS_DIR, BOXES.CREATED_AT, CONTAINER_PATH, GUEST_ROOTFS_PATH)
        .from(BOXES)
        .join(CONTAINER)
        .on(isDiskIn(DiskSlot.CONTAINER, CONTAINER))
        .join(GUEST_ROOTFS)
        .on(isDiskIn(DiskSlot.GUEST_ROOTFS, GUEST_ROOTFS));
  }

  private static Condition isDiskIn(DiskSlot slot, BoxDisks disks) {
    return disks.BOX_ID.eq(BOXES.ID).and(disks.SLOT.eq(inline(slot.label())));
  }

  private static Box toBox(Record row) {
    return new Box(
        new BoxId(row.get(BOXES.ID)),
        Path.of(row.get(BOXES.DISKS_DIR)),
        ImmutableMap.of(
            DiskSlot.CONTAINER,
            Path.of(row.get(CONTAINER_PATH)),
            DiskSlot.GUEST_ROOTFS,
            Path.of(row.get(GUEST_ROOTFS_PATH))),
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
      throw e;
    }
    box.disks().forEach((slot, disk) -> insertDisk(box.id(), slot, disk));
  }

  private void insertDisk(BoxId box, DiskSlot slot, Path disk) {
    try {
      session.run(INSERT_DISK, box.value(), slot.label(), PathText.of(disk));
    } catch (ConstraintViolation e) {
      for (Box other : findByDisk(disk).stream().toList()) {
        throw new AlreadyExistsException(disk + ": is a disk of box " + other.id());
      }
      throw e;
    }
  }

  void putDirectoryInode(BoxId box, long inode) {
    if (session.run(PUT_DIRECTORY_INODE, inode, box.value()) == 0) {
      throw new NotFoundException("no box " + box);
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
