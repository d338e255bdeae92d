package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.BASES;
import static io.basedisk.sqlite.jooq.Tables.ROOTFS_ENTRIES;

import com.google.common.base.Preconditions;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.domain.port.RootfsRecords;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import java.time.Instant;
import java.util.Optional;

/**
 * The records of the rootfs cache: table {@code rootfs_entries}, and the keys in table {@code
 * bases}.
 */
final class RootfsRows implements RootfsRecords {

  private final Session session;

  RootfsRows(Session session) {
    this.session = session;
  }

  @Override
  public Optional<RootfsEntry> find(BaseDiskId base) {
    return session.find(
        session.sql().selectFrom(ROOTFS_ENTRIES).where(ROOTFS_ENTRIES.BASE_ID.eq(base.value())),
        row ->
            new RootfsEntry(
                row.getContentDigest(),
                Instant.ofEpochSecond(row.getLastUsedAtSeconds(), row.getLastUsedAtNanos()),
                row.getOrigin()));
  }

  @Override
  public void put(BaseDiskId base, RootfsEntry entry) {
    session.change(
        () -> {
          Instant lastUsedAt = entry.lastUsedAt();
          try {
            session
                .sql()
                .insertInto(ROOTFS_ENTRIES)
                .set(ROOTFS_ENTRIES.BASE_ID, base.value())
                .set(ROOTFS_ENTRIES.CONTENT_DIGEST, entry.digest())
                .set(ROOTFS_ENTRIES.LAST_USED_AT_SECONDS, lastUsedAt.getEpochSecond())
                .set(ROOTFS_ENTRIES.LAST_USED_AT_NANOS, (long) lastUsedAt.getNano())
                .set(ROOTFS_ENTRIES.ORIGIN, entry.origin())
                .onConflict(ROOTFS_ENTRIES.BASE_ID)
                .doUpdate()
                .setAllToExcluded()
                .execute();
          } catch (ConstraintViolation e) {
            new BaseConflicts(session).checkExists(base);
            throw e;
          }
        });
  }

  @Override
  public void supersede(BaseDiskId base) {
    session.change(
        () -> {
          int superseded =
              session
                  .sql()
                  .update(BASES)
                  .setNull(BASES.NAME)
                  .where(BASES.ID.eq(base.value()))
                  .and(BASES.KIND.eq(BaseDiskKind.ROOTFS.label()))
                  .execute();
          if (superseded == 0) {
            new BaseConflicts(session).checkExists(base);
            Preconditions.checkArgument(false, "base %s is no rootfs", base);
          }
        });
  }
}
