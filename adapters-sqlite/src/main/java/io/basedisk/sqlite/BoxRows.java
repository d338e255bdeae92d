package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.BASES;
import static io.basedisk.sqlite.jooq.Tables.BOXES;
import static io.basedisk.sqlite.jooq.Tables.BOX_DISKS;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BoxRecords;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import io.basedisk.sqlite.jooq.tables.BoxDisks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.SelectWhereStep;
import org.jspecify.annotations.Nullable;

/**
 * The records of boxes and of the paths of their disks: tables {@code boxes} and {@code box_disks}.
 */
final class BoxRows implements BoxRecords {

  private static final BoxDisks CONTAINER = BOX_DISKS.as("container");
  private static final BoxDisks GUEST_ROOTFS = BOX_DISKS.as("guest_rootfs");
  private static final Field<String> CONTAINER_PATH = CONTAINER.PATH.as("container_path");
  private static final Field<String> GUEST_ROOTFS_PATH = GUEST_ROOTFS.PATH.as("guest_rootfs_path");

  private static final HotStatement BY_ID =
      new HotStatement((sql, values) -> boxes(sql).where(BOXES.ID.eq(values.of(BOXES.ID))));
  private static final HotStatement BY_DISK =
      new HotStatement(
          (sql, values) ->
              boxes(sql)
                  .where(
                      BOXES.ID.eq(
                          select(BOX_DISKS.BOX_ID)
                              .from(BOX_DISKS)
                              .where(BOX_DISKS.PATH.eq(values.of(BOX_DISKS.PATH))))));
  private static final HotStatement DIRECTORY_INODE =
      new HotStatement(
          (sql, values) ->
              sql.select(BOXES.DIRECTORY_INODE)
                  .from(BOXES)
                  .where(BOXES.ID.eq(values.of(BOXES.ID))));
  private static final HotStatement INSERT =
      new HotStatement(
          (sql, values) ->
              values.into(
                  sql, BOXES, BOXES.ID, BOXES.DISKS_DIR, BOXES.IS_FOREIGN, BOXES.CREATED_AT));
  private static final HotStatement INSERT_DISKS =
      new HotStatement(
          (sql, values) ->
              values.into(sql, BOX_DISKS, BOX_DISKS.BOX_ID, BOX_DISKS.SLOT, BOX_DISKS.PATH));
  private static final HotStatement PUT_DIRECTORY_INODE =
      new HotStatement(
          (sql, values) ->
              sql.update(BOXES)
                  .set(BOXES.DIRECTORY_INODE, values.of(BOXES.DIRECTORY_INODE))
                  .where(BOXES.ID.eq(values.of(BOXES.ID))));

  private final Session session;

  BoxRows(Session session) {
    this.session = session;
  }

  @Override
  public Optional<Box> find(BoxId id) {
    return session.find(BY_ID.with(BOXES.ID, id.value()), BoxRows::toBox);
  }

  @Override
  public Optional<Box> findByDisksDir(Path disksDir) {
    return PathText.find(disksDir)
        .flatMap(
            text ->
                session.find(
                    boxes(session.sql())
                        .where(BOXES.DISKS_DIR.eq(text))
                        .orderBy(BOXES.SEQ)
                        .limit(1),
                    row -> toBox(row::get)));
  }

  @Override
  public Optional<Box> findByDisk(Path disk) {
    return PathText.find(disk)
        .flatMap(text -> session.find(BY_DISK.with(BOX_DISKS.PATH, text), BoxRows::toBox));
  }

  @Override
  public OptionalLong findDirectoryInode(BoxId box) {
    return session
        .find(DIRECTORY_INODE.with(BOXES.ID, box.value()), BoxRows::toDirectoryInode)
        .orElse(OptionalLong.empty());
  }

  private static OptionalLong toDirectoryInode(StoredRow row) {
    Long inode = row.get(BOXES.DIRECTORY_INODE);
    return inode == null ? OptionalLong.empty() : OptionalLong.of(inode);
  }

  @Override
  public ImmutableList<Box> list() {
    return session.list(
        boxes(session.sql()).orderBy(BOXES.CREATED_AT.desc(), BOXES.SEQ.desc()),
        row -> toBox(row::get));
  }

  @Override
  public ImmutableList<Box> listAfter(@Nullable BoxId after, int limit) {
    return session.list(
        boxes(session.sql())
            .where(BOXES.ID.gt(after == null ? "" : after.value()))
            .orderBy(BOXES.ID)
            .limit(limit),
        row -> toBox(row::get));
  }

  /** Selects boxes, one row each, with the paths of their disks. */
  private static SelectWhereStep<?> boxes(DSLContext sql) {
    return sql.select(
            BOXES.ID,
            BOXES.DISKS_DIR,
            BOXES.IS_FOREIGN,
            BOXES.CREATED_AT,
            CONTAINER_PATH,
            GUEST_ROOTFS_PATH)
        .from(BOXES)
        .join(CONTAINER)
        .on(isDiskIn(DiskSlot.CONTAINER, CONTAINER))
        .join(GUEST_ROOTFS)
        .on(isDiskIn(DiskSlot.GUEST_ROOTFS, GUEST_ROOTFS));
  }

  private static Condition isDiskIn(DiskSlot slot, BoxDisks disks) {
    return disks.BOX_ID.eq(BOXES.ID).and(disks.SLOT.eq(inline(slot.label())));
  }

  private static Box toBox(StoredRow row) {
    return new Box(
        new BoxId(row.get(BOXES.ID)),
        Path.of(row.get(BOXES.DISKS_DIR)),
        ImmutableMap.of(
            DiskSlot.CONTAINER,
            Path.of(row.get(CONTAINER_PATH)),
            DiskSlot.GUEST_ROOTFS,
            Path.of(row.get(GUEST_ROOTFS_PATH))),
        row.get(BOXES.IS_FOREIGN) != 0,
        Instant.ofEpochSecond(row.get(BOXES.CREATED_AT)));
  }

  @Override
  public void insert(Box box) {
    session.change(
        () -> {
          try {
            session.run(
                INSERT
                    .with(BOXES.ID, box.id().value())
                    .with(BOXES.DISKS_DIR, PathText.of(box.disksDir()))
                    .with(BOXES.IS_FOREIGN, box.hasForeignDisks() ? 1L : 0L)
                    .with(BOXES.CREATED_AT, box.createdAt().getEpochSecond()));
          } catch (ConstraintViolation e) {
            if (find(box.id()).isPresent()) {
              throw new AlreadyExistsException(
                  "box " + box.id() + " exists already",
                  new Remedy.ChooseBoxName(box.id().value()));
            }
            throw e;
          }
          insertDisks(box);
        });
  }

  private void insertDisks(Box box) {
    HotStatement.Values disks = INSERT_DISKS.rows();
    box.disks()
        .forEach(
            (slot, disk) ->
                disks
                    .row()
                    .with(BOX_DISKS.BOX_ID, box.id().value())
                    .with(BOX_DISKS.SLOT, slot.label())
                    .with(BOX_DISKS.PATH, PathText.of(disk)));
    try {
      session.run(disks);
    } catch (ConstraintViolation e) {
      for (Path disk : box.disks().values()) {
        for (Box other : findByDisk(disk).stream().toList()) {
          throw new AlreadyExistsException(disk + ": is a disk of box " + other.id());
        }
      }
      throw e;
    }
  }

  @Override
  public void rename(BoxId id, BoxId newId) {
    session.change(
        () -> {
          renameRow(id, newId);
          try {
            session
                .sql()
                .update(BASES)
                .set(BASES.SOURCE_BOX_ID, newId.value())
                .where(BASES.SOURCE_BOX_ID.eq(id.value()))
                .execute();
          } catch (ConstraintViolation e) {
            throw new AlreadyExistsException(
                "a base of an earlier box " + newId + " has the name of a base of box " + id);
          }
        });
  }

  /** Renames the row; the rows of its disks and references follow by their foreign keys. */
  private void renameRow(BoxId id, BoxId newId) {
    try {
      int found =
          session
              .sql()
              .update(BOXES)
              .set(BOXES.ID, newId.value())
              .where(BOXES.ID.eq(id.value()))
              .execute();
      if (found == 0) {
        throw new NotFoundException("no box " + id);
      }
    } catch (ConstraintViolation e) {
      if (find(newId).isPresent()) {
        throw new AlreadyExistsException("box " + newId + " exists already");
      }
      throw e;
    }
  }

  @Override
  public void putDirectoryInode(BoxId box, long inode) {
    session.change(
        () -> {
          int found =
              session.run(
                  PUT_DIRECTORY_INODE
                      .with(BOXES.DIRECTORY_INODE, inode)
                      .with(BOXES.ID, box.value()));
          if (found == 0) {
            throw new NotFoundException("no box " + box);
          }
        });
  }

  @Override
  public boolean delete(BoxId id) {
    return session.compute(
        () -> {
          try {
            return session.sql().deleteFrom(BOXES).where(BOXES.ID.eq(id.value())).execute() > 0;
          } catch (ConstraintViolation e) {
            for (Reference reference : new ReferenceRows(session).listOf(id)) {
              throw new RefusedException("box " + id + " depends on base " + reference.base());
            }
            throw e;
          }
        });
  }
}
