package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.BASES;

import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.sqlite.jooq.tables.records.BasesRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jooq.Field;

/** Converts a base to the columns of table {@code bases} and back. */
final class BaseColumns {

  /** The columns of a {@link BaseDisk}. */
  static final Field<?>[] OF_BASE = {
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

  private BaseColumns() {}

  /**
   * {@return a statement's values for all of {@link #OF_BASE}}
   *
   * @param base the base
   * @param statement a statement that has these columns
   */
  static HotStatement.Values valuesOf(BaseDisk base, HotStatement statement) {
    return statement
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
        .with(BASES.CREATED_AT, base.createdAt().getEpochSecond());
  }

  /** {@return the fingerprint in a row; empty if it has none} */
  static Optional<BaseFingerprint> toFingerprint(BasesRecord row) {
    return Optional.ofNullable(row.getModifiedAtSeconds())
        .map(
            seconds ->
                new BaseFingerprint(
                    Instant.ofEpochSecond(seconds, row.getModifiedAtNanos()), row.getDigest()));
  }

  /** {@return the base in a row with all of {@link #OF_BASE}} */
  static BaseDisk toBase(StoredRow row) {
    BaseDiskKind kind = BaseDiskKind.ofLabel(row.get(BASES.KIND));
    return new BaseDisk(
        new BaseDiskId(row.get(BASES.ID)),
        new BoxId(row.get(BASES.SOURCE_BOX_ID)),
        row.get(BASES.NAME) == null ? null : BaseName.of(kind, row.get(BASES.NAME)),
        kind,
        new DiskInfo(
            Path.of(row.get(BASES.BASE_PATH)),
            ImageFormat.ofLabel(row.get(BASES.FORMAT)),
            row.get(BASES.IS_FOREIGN) != 0,
            row.get(BASES.CONTAINER_DISK_BYTES),
            row.get(BASES.SIZE_BYTES)),
        row.get(BASES.PARENT_ID) == null ? null : new BaseDiskId(row.get(BASES.PARENT_ID)),
        Instant.ofEpochSecond(row.get(BASES.CREATED_AT)));
  }
}
