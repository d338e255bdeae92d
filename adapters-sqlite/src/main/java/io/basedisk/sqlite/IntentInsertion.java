package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.INTENTS;
import static io.basedisk.sqlite.jooq.Tables.INTENT_BASES;
import static io.basedisk.sqlite.jooq.Tables.INTENT_BOXES;
import static io.basedisk.sqlite.jooq.Tables.INTENT_DISKS;
import static io.basedisk.sqlite.jooq.Tables.INTENT_FILES;
import static io.basedisk.sqlite.jooq.Tables.INTENT_NEW_BASES;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileVersion;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.AdoptIntent;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.CompactIntent;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.ImportArtifactIntent;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.model.intent.NewBaseFile;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.model.intent.ResizeIntent;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Inserts an intent into its tables: one row in {@code intents}, and one row in another table for
 * each of its boxes, disks, bases and files. {@link StoredIntent} is the other direction.
 */
final class IntentInsertion {

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
  private static final HotStatement INSERT_NEW_BASES =
      new HotStatement(
          (sql, values) ->
              values.into(
                  sql,
                  INTENT_NEW_BASES,
                  INTENT_NEW_BASES.INTENT_ID,
                  INTENT_NEW_BASES.ORDINAL,
                  INTENT_NEW_BASES.BASE_ID));
  private final Session session;

  IntentInsertion(Session session) {
    this.session = session;
  }

  /**
   * Inserts the head of an intent: its own row.
   *
   * @throws SqliteErrors.ConstraintViolation if the id exists, or another intent plans the same
   *     base
   */
  void insertHead(Intent intent) {
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

  /**
   * Inserts the rows in the other tables.
   *
   * @throws SqliteErrors.ConstraintViolation if another intent claims a box or disk, or a base is
   *     not recorded
   */
  void insertParts(Intent intent) {
    session.run(boxesOf(intent));
    session.run(disksOf(intent));
    session.run(basesOf(intent));
    session.run(filesOf(intent));
    if (intent instanceof AdoptIntent adoption) {
      new AdoptedRows(session).insert(adoption);
    }
    if (intent instanceof ImportArtifactIntent importing) {
      session.run(newBasesOf(importing));
    }
  }

  /** Adds a base to those that an intent keeps; the caller checks that it is not one of them. */
  void insertBase(OperationId intent, BaseDiskId base) {
    session.run(
        INSERT_BASES
            .with(INTENT_BASES.INTENT_ID, intent.value())
            .with(INTENT_BASES.BASE_ID, base.value()));
  }

  private static HotStatement.Values newBasesOf(ImportArtifactIntent intent) {
    HotStatement.Values bases = INSERT_NEW_BASES.rows();
    long ordinal = 0;
    for (NewBaseFile base : intent.newBases()) {
      bases
          .row()
          .with(INTENT_NEW_BASES.INTENT_ID, intent.id().value())
          .with(INTENT_NEW_BASES.ORDINAL, ordinal++)
          .with(INTENT_NEW_BASES.BASE_ID, base.id().value());
    }
    return bases;
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
    for (DiskClaim disk : intent.disks()) {
      FileVersion version = versionOf(intent, Math.toIntExact(ordinal));
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

  /** {@return the recorded version of a disk; null if it makes no difference} */
  private static @Nullable FileVersion versionOf(Intent intent, int disk) {
    if (intent instanceof AdoptIntent adoption) {
      return adoption.files().get(disk).version();
    }
    // A compaction and a resize have one disk.
    if (intent instanceof CompactIntent compact) {
      return compact.version();
    }
    // The schema has a length together with a time only. The length is the new virtual size.
    return intent instanceof ResizeIntent resize
        ? new FileVersion(resize.startedAt(), resize.virtualSize().bytes())
        : null;
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
}
