package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.INTENTS;
import static io.basedisk.sqlite.jooq.Tables.INTENT_ADOPTED;
import static io.basedisk.sqlite.jooq.Tables.INTENT_BASES;
import static io.basedisk.sqlite.jooq.Tables.INTENT_BOXES;
import static io.basedisk.sqlite.jooq.Tables.INTENT_DISKS;
import static io.basedisk.sqlite.jooq.Tables.INTENT_FILES;
import static io.basedisk.sqlite.jooq.Tables.INTENT_NEW_BASES;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.ImportArtifactIntent;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.IntentRecords;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import io.basedisk.sqlite.jooq.tables.records.IntentAdoptedRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentBasesRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentBoxesRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentDisksRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentFilesRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentNewBasesRecord;
import io.basedisk.sqlite.jooq.tables.records.IntentsRecord;
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
 * bases, files, adopted files and new bases. The unique keys of these tables are the claims: a
 * second intent with the same box or disk breaks one.
 */
final class IntentRows implements IntentRecords {

  private static final HotStatement DELETE =
      new HotStatement(
          (sql, values) -> sql.deleteFrom(INTENTS).where(INTENTS.ID.eq(values.of(INTENTS.ID))));

  private final Session session;
  private final IntentInsertion insertion;
  private final IntentConflicts conflicts;

  IntentRows(Session session) {
    this.session = session;
    this.insertion = new IntentInsertion(session);
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
                .intoGroups(INTENT_FILES.INTENT_ID),
            adopted(id, intents),
            newBases(id, intents));
    return session.decode(intents, parts::toIntent);
  }

  /** Reads the adopted files, if one of the intents is an adoption. */
  private Map<Long, Result<IntentAdoptedRecord>> adopted(
      @Nullable OperationId id, Result<IntentsRecord> intents) {
    if (intents.stream()
        .noneMatch(intent -> intent.getOperation().equals(Operation.ADOPT.label()))) {
      return ImmutableMap.of();
    }
    return session
        .fetch(
            session
                .sql()
                .selectFrom(INTENT_ADOPTED)
                .where(is(id, INTENT_ADOPTED.INTENT_ID))
                .orderBy(INTENT_ADOPTED.ORDINAL))
        .intoGroups(INTENT_ADOPTED.INTENT_ID);
  }

  /** Reads the new bases, if one of the intents is an import. */
  private Map<Long, Result<IntentNewBasesRecord>> newBases(
      @Nullable OperationId id, Result<IntentsRecord> intents) {
    if (intents.stream()
        .noneMatch(intent -> intent.getOperation().equals(Operation.IMPORT_ARTIFACT.label()))) {
      return ImmutableMap.of();
    }
    return session
        .fetch(
            session
                .sql()
                .selectFrom(INTENT_NEW_BASES)
                .where(is(id, INTENT_NEW_BASES.INTENT_ID))
                .orderBy(INTENT_NEW_BASES.ORDINAL))
        .intoGroups(INTENT_NEW_BASES.INTENT_ID);
  }

  private static Condition is(@Nullable OperationId id, TableField<?, Long> column) {
    return id == null ? DSL.noCondition() : column.eq(id.value());
  }

  /** The rows of the other tables, by the id of their intent. */
  private record Parts(
      Map<Long, Result<IntentBoxesRecord>> boxes,
      Map<Long, Result<IntentDisksRecord>> disks,
      Map<Long, Result<IntentBasesRecord>> bases,
      Map<Long, Result<IntentFilesRecord>> files,
      Map<Long, Result<IntentAdoptedRecord>> adopted,
      Map<Long, Result<IntentNewBasesRecord>> newBases) {

    Intent toIntent(IntentsRecord row) {
      return new StoredIntent(
              row,
              of(row, boxes),
              of(row, disks),
              of(row, bases),
              of(row, files),
              of(row, adopted),
              of(row, newBases))
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
            insertion.insertHead(intent);
          } catch (ConstraintViolation e) {
            if (find(intent.id()).isPresent()) {
              throw new AlreadyExistsException("operation " + intent.id() + " exists already");
            }
            throw conflicts.explain(intent, e);
          }
          try {
            insertion.insertParts(intent);
          } catch (ConstraintViolation e) {
            throw conflicts.explain(intent, e);
          }
        });
  }

  @Override
  public void keepBase(OperationId id, BaseDiskId base) {
    session.change(
        () -> {
          new BaseConflicts(session).checkExists(base);
          Intent intent = find(id).orElseThrow(() -> new NotFoundException("no operation " + id));
          Preconditions.checkArgument(
              intent instanceof ImportArtifactIntent, "operation %s is no import", id);
          if (!intent.bases().contains(base)) {
            insertion.insertBase(id, base);
          }
        });
  }

  @Override
  public void delete(OperationId id) {
    session.change(
        () -> {
          session.run(DELETE.with(INTENTS.ID, id.value()));
        });
  }
}
