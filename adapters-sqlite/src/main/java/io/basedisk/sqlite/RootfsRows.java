package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.ROOTFS_ENTRIES;
import static org.jooq.impl.DSL.excluded;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import io.basedisk.sqlite.Statements.Recipe;
import java.time.Instant;
import java.util.Optional;
import org.jooq.Query;
import org.jooq.ResultQuery;

/** What the rootfs cache knows of its bases: table {@code rootfs_entries}. */
final class RootfsRows {

  private static final Recipe<ResultQuery<?>> BY_BASE =
      sql -> sql.selectFrom(ROOTFS_ENTRIES).where(ROOTFS_ENTRIES.BASE_ID.eq(""));
  private static final Recipe<Query> PUT =
      sql ->
          sql.insertInto(
                  ROOTFS_ENTRIES,
                  ROOTFS_ENTRIES.BASE_ID,
                  ROOTFS_ENTRIES.CONTENT_DIGEST,
                  ROOTFS_ENTRIES.LAST_USED_AT_SECONDS,
                  ROOTFS_ENTRIES.LAST_USED_AT_NANOS)
              .values("", "", 0L, 0L)
              .onConflict(ROOTFS_ENTRIES.BASE_ID)
              .doUpdate()
              .set(ROOTFS_ENTRIES.CONTENT_DIGEST, excluded(ROOTFS_ENTRIES.CONTENT_DIGEST))
              .set(
                  ROOTFS_ENTRIES.LAST_USED_AT_SECONDS,
                  excluded(ROOTFS_ENTRIES.LAST_USED_AT_SECONDS))
              .set(ROOTFS_ENTRIES.LAST_USED_AT_NANOS, excluded(ROOTFS_ENTRIES.LAST_USED_AT_NANOS));

  private final Session session;

  RootfsRows(Session session) {
    this.session = session;
  }

  Optional<RootfsEntry> find(BaseDiskId base) {
    return session.find(
        BY_BASE,
        row ->
            new RootfsEntry(
                row.get(ROOTFS_ENTRIES.CONTENT_DIGEST),
                Instant.ofEpochSecond(
                    row.get(ROOTFS_ENTRIES.LAST_USED_AT_SECONDS),
                    row.get(ROOTFS_ENTRIES.LAST_USED_AT_NANOS))),
        base.value());
  }

  void put(BaseDiskId base, RootfsEntry entry) {
    Instant lastUsedAt = entry.lastUsedAt();
    try {
      session.run(
          PUT, base.value(), entry.digest(), lastUsedAt.getEpochSecond(), lastUsedAt.getNano());
    } catch (ConstraintViolation e) {
      BaseRows.checkExists(session, base);
      throw e;
    }
  }
}
