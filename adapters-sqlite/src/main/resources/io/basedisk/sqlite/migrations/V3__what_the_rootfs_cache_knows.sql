-- What the rootfs cache knows of its bases: the digest of their content, SHA-256 in hexadecimal, and
-- when they were last asked for, in nanoseconds since 1970.
CREATE TABLE rootfs_entries (
  base_id            TEXT    NOT NULL PRIMARY KEY
    REFERENCES bases (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  content_digest     TEXT,
  last_used_at_nanos INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A rootfs without a key is one that was superseded, and is collected: those that were made without
-- one get their ids, which nothing else can have; so do those of which the making was cut short.
UPDATE bases SET name = id WHERE kind = 'rootfs' AND name IS NULL;
UPDATE intents SET planned_name = planned_id WHERE planned_kind = 'rootfs' AND planned_name IS NULL;

PRAGMA user_version = 3;
