-- What a home knows of itself: its identity, the number of its last write, a relocation under way.
-- And what bases and boxes need beyond: foreign bases, holds, a path for each disk.
--
-- A table that loses a UNIQUE is made anew. Foreign keys are on, and dropping a table deletes its
-- rows first: so the table that refers to it is copied before, and dropped before. A rename takes
-- the references of other tables along.

CREATE TABLE home_identity (
  id        INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  home_id   TEXT    NOT NULL,
  path      TEXT    NOT NULL,
  device    INTEGER NOT NULL,
  inode     INTEGER NOT NULL
) STRICT;

-- The number of the last write transaction that was counted: no row until then.
CREATE TABLE last_write (
  id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  number INTEGER NOT NULL CHECK (number >= 0)
) STRICT;

-- The relocation under way: one at most.
CREATE TABLE relocation (
  id           INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  operation    INTEGER NOT NULL,
  from_home_id TEXT    NOT NULL,
  from_path    TEXT    NOT NULL,
  from_device  INTEGER NOT NULL,
  from_inode   INTEGER NOT NULL,
  to_home_id   TEXT    NOT NULL,
  to_path      TEXT    NOT NULL,
  to_device    INTEGER NOT NULL,
  to_inode     INTEGER NOT NULL
) STRICT;

-- The headers that it changes: bytes in lower-case hexadecimal.
CREATE TABLE relocation_rewrites (
  relocation_id INTEGER NOT NULL
    REFERENCES relocation (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  ordinal       INTEGER NOT NULL,
  file          TEXT    NOT NULL,
  inode         INTEGER NOT NULL,
  mode          INTEGER NOT NULL,
  patch_offset  INTEGER NOT NULL,
  bytes_before  TEXT    NOT NULL,
  bytes_after   TEXT    NOT NULL,
  PRIMARY KEY (relocation_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE relocation_left_out (
  relocation_id INTEGER NOT NULL
    REFERENCES relocation (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  ordinal       INTEGER NOT NULL,
  box_id        TEXT    NOT NULL,
  PRIMARY KEY (relocation_id, ordinal)
) STRICT, WITHOUT ROWID;

-- What keeps a base until it is released. The path is empty where the reason has none.
CREATE TABLE holds (
  base_id TEXT NOT NULL REFERENCES bases (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  reason  TEXT NOT NULL CHECK (reason IN ('forgotten_box', 'rebuilt', 'imported')),
  path    TEXT NOT NULL,
  PRIMARY KEY (base_id, reason, path)
) STRICT, WITHOUT ROWID;

-- A foreign base was there before basedisk.
ALTER TABLE bases ADD COLUMN format TEXT NOT NULL DEFAULT 'qcow2'
  CHECK (format IN ('qcow2', 'raw'));
ALTER TABLE bases ADD COLUMN is_foreign INTEGER NOT NULL DEFAULT 0 CHECK (is_foreign IN (0, 1));

-- Times to the nanosecond become seconds since 1970 and the nanoseconds besides: 64 bits of
-- nanoseconds end in 2262. The division is rounded down, also before 1970. A column of nanoseconds
-- is 0 where there is no time.
--
-- A fingerprint at the very end of those bits was of a time beyond, which is not known. The digests
-- were of whole files: of a base that is relocated, such a digest changes.
UPDATE bases SET modified_at_nanos = NULL, digest = NULL
  WHERE modified_at_nanos IN (9223372036854775807, -9223372036854775807 - 1);
ALTER TABLE bases RENAME COLUMN modified_at_nanos TO modified_at_seconds;
ALTER TABLE bases ADD COLUMN modified_at_nanos INTEGER NOT NULL DEFAULT 0
  CHECK (modified_at_nanos BETWEEN 0 AND 999999999);
UPDATE bases
  SET digest = NULL,
    modified_at_nanos = (modified_at_seconds % 1000000000 + 1000000000) % 1000000000,
    modified_at_seconds =
      modified_at_seconds / 1000000000 - (modified_at_seconds % 1000000000 < 0)
  WHERE modified_at_seconds IS NOT NULL;

ALTER TABLE rootfs_entries RENAME COLUMN last_used_at_nanos TO last_used_at_seconds;
ALTER TABLE rootfs_entries ADD COLUMN last_used_at_nanos INTEGER NOT NULL DEFAULT 0
  CHECK (last_used_at_nanos BETWEEN 0 AND 999999999);
UPDATE rootfs_entries
  SET last_used_at_nanos = (last_used_at_seconds % 1000000000 + 1000000000) % 1000000000,
    last_used_at_seconds =
      last_used_at_seconds / 1000000000 - (last_used_at_seconds % 1000000000 < 0);

ALTER TABLE intent_disks RENAME COLUMN modified_at_nanos TO modified_at_seconds;
ALTER TABLE intent_disks ADD COLUMN modified_at_nanos INTEGER NOT NULL DEFAULT 0
  CHECK (modified_at_nanos BETWEEN 0 AND 999999999);
UPDATE intent_disks
  SET modified_at_nanos = (modified_at_seconds % 1000000000 + 1000000000) % 1000000000,
    modified_at_seconds =
      modified_at_seconds / 1000000000 - (modified_at_seconds % 1000000000 < 0)
  WHERE modified_at_seconds IS NOT NULL;

-- A directory may hold disks of several boxes: no longer unique.
CREATE TABLE new_boxes (
  seq             INTEGER PRIMARY KEY AUTOINCREMENT,
  id              TEXT    NOT NULL UNIQUE,
  disks_dir       TEXT    NOT NULL,
  -- Which directory that is, as it was recorded at first use.
  directory_inode INTEGER,
  created_at      INTEGER NOT NULL
) STRICT;

INSERT INTO new_boxes (seq, id, disks_dir, created_at)
  SELECT seq, id, disks_dir, created_at FROM boxes;

CREATE TABLE new_box_references (
  box_id  TEXT NOT NULL REFERENCES new_boxes (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  slot    TEXT NOT NULL CHECK (slot IN ('container', 'guest_rootfs')),
  base_id TEXT NOT NULL REFERENCES bases (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  PRIMARY KEY (box_id, slot)
) STRICT, WITHOUT ROWID;

INSERT INTO new_box_references (box_id, slot, base_id)
  SELECT box_id, slot, base_id FROM box_references;

DROP TABLE box_references;
DROP TABLE boxes;
ALTER TABLE new_boxes RENAME TO boxes;
ALTER TABLE new_box_references RENAME TO box_references;

CREATE INDEX boxes_by_disks_dir ON boxes (disks_dir);
CREATE INDEX box_references_by_base ON box_references (base_id);

-- Where the disk in each slot of a box is. A file is one box's.
CREATE TABLE box_disks (
  box_id TEXT NOT NULL REFERENCES boxes (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  slot   TEXT NOT NULL CHECK (slot IN ('container', 'guest_rootfs')),
  path   TEXT NOT NULL UNIQUE,
  PRIMARY KEY (box_id, slot)
) STRICT, WITHOUT ROWID;

INSERT INTO box_disks (box_id, slot, path)
  SELECT id, 'container', rtrim(disks_dir, '/') || '/disk.qcow2' FROM boxes
  UNION ALL
  SELECT id, 'guest_rootfs', rtrim(disks_dir, '/') || '/guest-rootfs.qcow2' FROM boxes;

CREATE TABLE new_intent_boxes (
  intent_id INTEGER NOT NULL REFERENCES intents (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  ordinal   INTEGER NOT NULL,
  box_id    TEXT    NOT NULL UNIQUE,
  disks_dir TEXT    NOT NULL,
  PRIMARY KEY (intent_id, ordinal)
) STRICT, WITHOUT ROWID;

INSERT INTO new_intent_boxes (intent_id, ordinal, box_id, disks_dir)
  SELECT intent_id, ordinal, box_id, disks_dir FROM intent_boxes;

DROP TABLE intent_boxes;
ALTER TABLE new_intent_boxes RENAME TO intent_boxes;

PRAGMA user_version = 5;
