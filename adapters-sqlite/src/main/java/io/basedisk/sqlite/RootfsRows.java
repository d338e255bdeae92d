package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.ROOTFS_ENTRIES;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import java.time.Instant;
import java.util.Optional;

/** What the rootfs cache knows of its bases: table {@code rootfs_entries}. */
final class RootfsRows {

  private final Session session;

  RootfsRows(Session session) {
    this.session = session;
  }

  Optional<RootfsEntry> find(BaseDiskId base) {
    return session.find(
        session.sql().selectFrom(ROOTFS_ENTRIES).where(ROOTFS_ENTRIES.BASE_ID.eq(base.value())),
        row ->
            new RootfsEntry(
                row.getContentDigest(),
                Instant.ofEpochSecond(row.getLastUsedAtSeconds(), row.getLastUsedAtNanos())));
  }

  void put(BaseDiskId base, RootfsEntry entry) {
    Instant lastUsedAt = entry.lastUsedAt();
    try {
      session
          .sql()
          .insertInto(ROOTFS_ENTRIES)
          .set(ROOTFS_ENTRIES.BASE_ID, base.value())
          .set(ROOTFS_ENTRIES.CONTENT_DIGEST, entry.digest())
          .set(ROOTFS_ENTRIES.LAST_USED_AT_SECONDS, lastUsedAt.getEpochSecond())
          .set(ROOTFS_ENTRIES.LAST_USED_AT_NANOS, (long) lastUsedAt.getNano())
          .onConflict(ROOTFS_ENTRIES.BASE_ID)
          .doUpdate()
          .setAllToExcluded()
          .execute();
    } catch (ConstraintViolation e) {
      BaseRows.checkExists(session, base);
      throw e;
    }
  }
}
