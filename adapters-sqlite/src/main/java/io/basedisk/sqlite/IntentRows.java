package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.INTENTS;
import static io.basedisk.sqlite.jooq.Tables.INTENT_BASES;
import static io.basedisk.sqlite.jooq.Tables.INTENT_BOXES;
import static io.basedisk.sqlite.jooq.Tables.INTENT_DISKS;
import static io.basedisk.sqlite.jooq.Tables.INTENT_FILES;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileVersion;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.CompactIntent;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.port.IntentRecords;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import io.basedisk.sqlite.jooq.tables.records.IntentBasesRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentBoxesRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentDisksRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentFilesRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentsRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The records of intents: table {@code intents}, with one more table each for their boxes, disks,
 * bases and files. The unique keys of these tables are the claims: a second intent with the same
 * box or disk breaks one.
 */
final class IntentRows implements IntentRecords {

  private static final HotStatement INSERT =
      new HotStatement(
          (sql, values) ->
              values.into(
                  sql,
                  INTENTS,
                  INTENTS.ID,
                  INTENTS.OPERATION,
                  INTENTS.STARTED_AT,
                  INTENTS.PLANNED_ID,
                  INTENTS.PLANNED_PATH,
                  INTENTS.PLANNED_SOURCE_BOX_ID,
                  INTENTS.PLANNED_NAME,
                  INTENTS.PLANNED_KIND,
                  INTENTS.PLANNED_PARENT_ID));
  private static final HotStatement INSERT_BOXES =
      new HotStatement(
          (sql, values) ->
              values.into(
                  sql,
                  INTENT_BOXES,
                  INTENT_BOXES.INTENT_ID,
                  INTENT_BOXES.ORDINAL,
                  INTENT_BOXES.BOX_ID,
                  INTENT_BOXES.DISKS_DIR));
  private static final HotStatement INSERT_DISKS =
      new HotStatement(
          (sql, values) ->
              values.into(
                  sql,
                  INTENT_DISKS,
                  INTENT_DISKS.INTENT_ID,
                  INTENT_DISKS.ORDINAL,
                  INTENT_DISKS.SLOT,
                  INTENT_DISKS.PATH,
                  INTENT_DISKS.DEVICE,
                  INTENT_DISKS.INODE,
                  INTENT_DISKS.MODIFIED_AT_SECONDS,
                  INTENT_DISKS.MODIFIED_AT_NANOS,
                  INTENT_DISKS.LENGTH));
  private static final HotStatement INSERT_BASES =
      new HotStatement(
          (sql, values) ->
              values.into(sql, INTENT_BASES, INTENT_BASES.INTENT_ID, INTENT_BASES.BASE_ID));
  private static final HotStatement INSERT_FILES =
      new HotStatement(
          (sql, values) ->
              values.into(
                  sql,
                  INTENT_FILES,
                  INTENT_FILES.INTENT_ID,
                  INTENT_FILES.ORDINAL,
                  INTENT_FILES.PATH));
  private static final HotStatement DELETE =
      new HotStatement(
          (sql, values) -> sql.deleteFrom(INTENTS).where(INTENTS.ID.eq(values.of(INTENTS.ID))));

  private final Session session;
  private final IntentConflicts conflicts;

  IntentRows(Session session) {
    this.session = session;
    this.conflicts = new IntentConflicts(session);
  }

  // Queries.

  @Override
  public Optional<Intent> find(OperationId id) {
    return load(id).stream().findFirst();
  }

  @Override
  public ImmutableList<Intent> list() {
    return load(null);
  }

  @Override
  public ImmutableList<OperationId> listNaming(BaseDiskId base) {
    return session.list(
        session
            .sql()
            .select(INTENT_BASES.INTENT_ID)
            .from(INTENT_BASES)
            .where(INTENT_BASES.BASE_ID.eq(base.value()))
            .orderBy(INTENT_BASES.INTENT_ID),
        row -> new OperationId(row.value1()));
  }

  /** Reads the intent with an id; with null, reads all intents. */
  private ImmutableList<Intent> load(@Nullable OperationId id) {
    Result<IntentsRecord> intents =
        session.fetch(
            session.sql().selectFrom(INTENTS).where(is(id, INTENTS.ID)).orderBy(INTENTS.ID));
    if (intents.isEmpty()) {
      return ImmutableList.of();
    }
    Parts parts =
        new Parts(
            session
                .fetch(
                    session
                        .sql()
                        .selectFrom(INTENT_BOXES)
                        .where(is(id, INTENT_BOXES.INTENT_ID))
                        .orderBy(INTENT_BOXES.ORDINAL))
                .intoGroups(INTENT_BOXES.INTENT_ID),
            session
                .fetch(
                    session
                        .sql()
                        .selectFrom(INTENT_DISKS)
                        .where(is(id, INTENT_DISKS.INTENT_ID))
                        .orderBy(INTENT_DISKS.ORDINAL))
                .intoGroups(INTENT_DISKS.INTENT_ID),
            session
                .fetch(session.sql().selectFrom(INTENT_BASES).where(is(id, INTENT_BASES.INTENT_ID)))
                .intoGroups(INTENT_BASES.INTENT_ID),
            session
                .fetch(
                    session
                        .sql()
                        .selectFrom(INTENT_FILES)
                        .where(is(id, INTENT_FILES.INTENT_ID))
                        .orderBy(INTENT_FILES.ORDINAL))
                .intoGroups(INTENT_FILES.INTENT_ID));
    return session.decode(intents, parts::toIntent);
  }

  private static Condition is(@Nullable OperationId id, TableField<?, Long> column) {
    return id == null ? DSL.noCondition() : column.eq(id.value());
  }

  /** The rows of the other tables, by the id of their intent. */
  private record Parts(
      Map<Long, Result<IntentBoxesRecord>> boxes,
      Map<Long, Result<IntentDisksRecord>> disks,
      Map<Long, Result<IntentBasesRecord>> bases,
      Map<Long, Result<IntentFilesRecord>> files) {

    Intent toIntent(IntentsRecord row) {
      return new StoredIntent(row, of(row, boxes), of(row, disks), of(row, bases), of(row, files))
          .decode();
    }

    private static <R extends Record> List<R> of(IntentsRecord row, Map<Long, Result<R>> parts) {
      Result<R> found = parts.get(row.getId());
      return found == null ? ImmutableList.of() : found;
    }
  }

  // Changes.

  @Override
  public void insert(Intent intent) {
    session.change(
        () -> {
          try {
            insertHead(intent);
          } catch (ConstraintViolation e) {
            if (find(intent.id()).isPresent()) {
              throw new AlreadyExistsException("operation " + intent.id() + " exists already");
            }
            throw conflicts.explain(intent, e);
          }
          try {
            insertParts(intent);
          } catch (ConstraintViolation e) {
            throw conflicts.explain(intent, e);
          }
        });
  }

  private void insertHead(Intent intent) {
    PlannedBase planned = intent.plannedBase().orElse(null);
    session.run(
        INSERT
            .with(INTENTS.ID, intent.id().value())
            .with(INTENTS.OPERATION, intent.operation().label())
            .with(INTENTS.STARTED_AT, intent.startedAt().getEpochSecond())
            .with(INTENTS.PLANNED_ID, planned == null ? null : planned.id().value())
            .with(INTENTS.PLANNED_PATH, planned == null ? null : PathText.of(planned.path()))
            .with(
                INTENTS.PLANNED_SOURCE_BOX_ID,
                planned == null ? null : planned.sourceBoxId().value())
            .with(
                INTENTS.PLANNED_NAME,
                planned == null || planned.name() == null ? null : planned.name().value())
            .with(INTENTS.PLANNED_KIND, planned == null ? null : planned.kind().label())
            .with(
                INTENTS.PLANNED_PARENT_ID,
                planned == null || planned.parentId() == null ? null : planned.parentId().value()));
  }

  private void insertParts(Intent intent) {
    session.run(boxesOf(intent));
    session.run(disksOf(intent));
    session.run(basesOf(intent));
    session.run(filesOf(intent));
  }

  private static HotStatement.Values boxesOf(Intent intent) {
    HotStatement.Values boxes = INSERT_BOXES.rows();
    long ordinal = 0;
    for (BoxClaim box : intent.boxes()) {
      boxes
          .row()
          .with(INTENT_BOXES.INTENT_ID, intent.id().value())
          .with(INTENT_BOXES.ORDINAL, ordinal++)
          .with(INTENT_BOXES.BOX_ID, box.box().value())
          .with(INTENT_BOXES.DISKS_DIR, PathText.of(box.disksDir()));
    }
    return boxes;
  }

  private static HotStatement.Values disksOf(Intent intent) {
    HotStatement.Values disks = INSERT_DISKS.rows();
    long ordinal = 0;
    // Only a compaction records a version, and it has one disk.
    FileVersion version = intent instanceof CompactIntent compact ? compact.version() : null;
    for (DiskClaim disk : intent.disks()) {
      Instant modifiedAt = version == null ? Instant.EPOCH : version.modifiedAt();
      disks
          .row()
          .with(INTENT_DISKS.INTENT_ID, intent.id().value())
          .with(INTENT_DISKS.ORDINAL, ordinal++)
          .with(INTENT_DISKS.SLOT, disk.slot().label())
          .with(INTENT_DISKS.PATH, PathText.of(disk.path()))
          .with(INTENT_DISKS.DEVICE, disk.identity().device())
          .with(INTENT_DISKS.INODE, disk.identity().inode())
          .with(
              INTENT_DISKS.MODIFIED_AT_SECONDS,
              version == null ? null : modifiedAt.getEpochSecond())
          .with(INTENT_DISKS.MODIFIED_AT_NANOS, (long) modifiedAt.getNano())
          .with(INTENT_DISKS.LENGTH, version == null ? null : version.length());
    }
    return disks;
  }

  private static HotStatement.Values basesOf(Intent intent) {
    HotStatement.Values bases = INSERT_BASES.rows();
    for (BaseDiskId base : intent.bases()) {
      bases
          .row()
          .with(INTENT_BASES.INTENT_ID, intent.id().value())
          .with(INTENT_BASES.BASE_ID, base.value());
    }
    return bases;
  }

  private static HotStatement.Values filesOf(Intent intent) {
    HotStatement.Values files = INSERT_FILES.rows();
    long ordinal = 0;
    for (Path file : intent.createdFiles()) {
      files
          .row()
          .with(INTENT_FILES.INTENT_ID, intent.id().value())
          .with(INTENT_FILES.ORDINAL, ordinal++)
          .with(INTENT_FILES.PATH, PathText.of(file));
    }
    return files;
  }

  @Override
  public void delete(OperationId id) {
    session.change(
        () -> {
          session.run(DELETE.with(INTENTS.ID, id.value()));
        });
  }
}
